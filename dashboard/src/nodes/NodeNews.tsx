/** Says when records of a node are missing, and when they are not any more, wherever the person is. */

import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { nodesQuery } from "../api/queries";
import { useI18n } from "../i18n";
import { useLive } from "../live/LiveProvider";
import { useAnnounce } from "../shell/announce";
import { isFaulty } from "./faults";

export function NodeNews() {
  const { t } = useI18n();
  const announce = useAnnounce();
  const known = useRef(new Map<string, number>());
  useLive((message) => {
    if (message.type !== "node") return;
    const { node, missing } = message.node;
    const before = known.current.get(node) ?? 0;
    known.current.set(node, missing);
    if (missing > before) announce(t.nodes.said(node, missing));
    else if (before > 0 && missing === 0) announce(t.nodes.saidClosed(node));
  });
  return null;
}

/** How many nodes somebody must look at. */
export function useFaultyNodes(): number {
  return (useQuery(nodesQuery).data ?? []).filter(isFaulty).length;
}
