/** Somebody knows that these records will not come, and says why; kept with the name. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { acknowledgeGap, keepNode, nodesQuery } from "../api/queries";
import type { Gap } from "../api/types";
import { useI18n } from "../i18n";
import { Dialog } from "../shell/Dialog";
import { problemWords } from "../shell/problems";
import controls from "../styles/controls.module.css";
import { recordsOf } from "./faults";

export function AcknowledgeDialog({ node, gap, onClose }: { node: string; gap: Gap; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [complaint, setComplaint] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const submit = async () => {
    if (reason.trim() === "") {
      setComplaint(t.nodes.needReason);
      return;
    }
    setSending(true);
    try {
      keepNode(client, await acknowledgeGap(node, gap, reason.trim()));
      onClose();
    } catch (error) {
      setComplaint(problemWords(error, t));
      setSending(false);
      void client.invalidateQueries(nodesQuery);
    }
  };
  return (
    <Dialog title={t.nodes.acknowledgeTitle} onClose={onClose}>
      <form
        className={controls.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>
          {t.nodes.acknowledgeLead(recordsOf(gap), node)} ({t.nodes.numbers(gap.first, gap.last)})
        </p>
        <div className={controls.field}>
          <label className={controls.label} htmlFor="gap-reason">
            {t.nodes.reason}
          </label>
          <textarea
            id="gap-reason"
            className={controls.input}
            rows={2}
            maxLength={500}
            value={reason}
            aria-describedby="gap-reason-hint"
            onChange={(event) => setReason(event.target.value)}
          />
          <span id="gap-reason-hint" className={controls.hint}>
            {t.nodes.reasonHint}
          </span>
        </div>
        {complaint && (
          <p role="alert" className={controls.error}>
            {complaint}
          </p>
        )}
        <div className={controls.actions}>
          <button type="button" className={controls.button} onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={sending}>
            {t.nodes.submit}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
