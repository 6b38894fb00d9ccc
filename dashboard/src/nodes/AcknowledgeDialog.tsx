/** Somebody knows that these records will not come, and says why; kept with the name. */

import { useQueryClient } from "@tanstack/react-query";
import { acknowledgeGap, keepNode, nodesQuery } from "../api/queries";
import type { Gap } from "../api/types";
import { useI18n } from "../i18n";
import { ReasonDialog } from "../shell/ReasonDialog";
import { recordsOf } from "./faults";

export function AcknowledgeDialog({ node, gap, onClose }: { node: string; gap: Gap; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const acknowledge = async (reason: string) => {
    try {
      keepNode(client, await acknowledgeGap(node, gap, reason));
    } catch (error) {
      void client.invalidateQueries(nodesQuery);
      throw error;
    }
  };
  return (
    <ReasonDialog
      title={t.nodes.acknowledgeTitle}
      lead={`${t.nodes.acknowledgeLead(recordsOf(gap), node)} (${t.nodes.numbers(gap.first, gap.last)})`}
      hint={t.nodes.reasonHint}
      submit={t.nodes.submit}
      longest={500}
      onReason={acknowledge}
      onClose={onClose}
    />
  );
}
