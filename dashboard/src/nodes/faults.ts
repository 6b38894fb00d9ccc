/** What of a node is shown as wrong, and in which order. */

import type { Gap, NodeView } from "../api/types";

export const isOpen = (gap: Gap) => gap.closed_at === null && gap.acknowledged === null;
export const recordsOf = (gap: Gap) => gap.last - gap.first + 1;

/** Somebody must look: records are missing, the node lacks something, or its key is not the one it had. */
export function isFaulty(node: NodeView): boolean {
  return node.missing > 0 || node.faults.length > 0 || node.key_problem !== null;
}

/** Also those of which only the end of a fault is to be told. */
export function isShown(node: NodeView): boolean {
  return isFaulty(node) || node.gaps.length > 0;
}

/** Missing records that are not among the gaps of the answer: it holds the oldest only. */
export function unlisted(node: NodeView): number {
  return node.missing - node.gaps.filter(isOpen).reduce((sum, gap) => sum + recordsOf(gap), 0);
}

/** Open ones first, oldest first; then what closed or was acknowledged, newest first. */
export function inOrder(gaps: readonly Gap[]): Gap[] {
  const over = (gap: Gap) => gap.closed_at ?? gap.acknowledged?.at ?? "";
  const open = gaps.filter(isOpen).sort((a, b) => a.since.localeCompare(b.since) || a.first - b.first);
  return [...open, ...gaps.filter((gap) => !isOpen(gap)).sort((a, b) => over(b).localeCompare(over(a)))];
}
