/** Words of the legal basis in English. */

import type { law as master } from "./vi.law";

export const law: typeof master = {
  title: "Proposed legal basis",
  ref: (article, clause, point) => `Article ${article}(${clause})${point ? `(${point})` : ""}`,
  fine: (from, to) => `Fine ${from} – ${to}`,
  usual: (amount) => `Usually ${amount}`,
  points: (n) => (n > 0 ? `${n} licence points` : "No points"),
  unverified: "To be verified",
  alsoPossible: "It may also be",
};
