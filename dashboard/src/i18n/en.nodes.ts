/** Words about edge nodes in English. */

import type { nodes as master } from "./vi.nodes";

const records = (n: number) => (n === 1 ? "1 record" : `${n} records`);

export const nodes: typeof master = {
  title: "Faults of edge nodes",
  node: (name) => `Node ${name}`,
  missing: (n, since) => `${records(n)} missing since ${since}`,
  numbers: (first, last) => (first === last ? `number ${first}` : `numbers ${first} to ${last}`),
  more: (n) => `and ${records(n)} more missing`,
  todo: "The node numbered these records and the centre has not got them. If they come late, this closes by itself. If the node's outbox was full or its disk was replaced, acknowledge with a reason.",
  closed: (n, since) => `${records(n)} missing since ${since} came late`,
  closedAt: (at) => `closed at ${at}`,
  keyProblem: "The node signs with another key than its first one: its evidence is not verified",
  own: "The node's own words",
  acknowledge: "Will not come…",
  acknowledgeTitle: "Acknowledge records that will not come",
  acknowledgeLead: (n, node) => `${records(n)} of node ${node} count as lost. The reason is kept with your name; nobody is told again.`,
  reasonHint: "such as: cabinet burnt on 22/11, disk replaced",
  submit: "Acknowledge the loss",
  acknowledged: (by, at) => `${by} acknowledged that they will not come, ${at}`,
  said: (node, n) => `Node ${node}: ${records(n)} missing`,
  saidClosed: (node) => `Node ${node}: nothing is missing any more`,
  badge: (n) => (n === 1 ? "1 node has a fault" : `${n} nodes have faults`),
};
