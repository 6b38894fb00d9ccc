/** Legal hold: whether the event must stay whatever its age, who said so, and the hand that says it. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { eventQuery, hold, liftHold } from "../../api/queries";
import type { EventView } from "../../api/types";
import { useI18n } from "../../i18n";
import { useAnnounce } from "../../shell/announce";
import { Dialog } from "../../shell/Dialog";
import { problemWords } from "../../shell/problems";
import { mayHold, usePerson } from "../../shell/session";
import controls from "../../styles/controls.module.css";
import { dateTime } from "../../time/format";
import styles from "./Hold.module.css";

export function Hold({ event }: { event: EventView }) {
  const { t } = useI18n();
  const may = mayHold(usePerson());
  const [asking, setAsking] = useState(false);
  const held = event.hold;
  if (!held && !may) return null;
  return (
    <section className={styles.hold} data-held={held !== null} data-testid="hold" aria-label={t.hold.title}>
      {held && (
        <div>
          <p className={styles.line}>{t.hold.held}</p>
          <p className={styles.detail}>{held.reason}</p>
          <p className={styles.detail}>{t.decision.by(held.by, dateTime(held.at))}</p>
        </div>
      )}
      {may && (
        <button type="button" className={controls.button} onClick={() => setAsking(true)}>
          {held ? t.hold.lift : t.hold.set}
        </button>
      )}
      {asking && <HoldDialog event={event} onClose={() => setAsking(false)} />}
    </section>
  );
}

function HoldDialog({ event, onClose }: { event: EventView; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const announce = useAnnounce();
  const [words, setWords] = useState("");
  const lifts = event.hold !== null;
  const saving = useMutation({
    mutationFn: (reason: string) => (lifts ? liftHold(event, reason) : hold(event, reason)),
    onSuccess: (changed) => {
      client.setQueryData(eventQuery(event.id).queryKey, changed);
      announce(lifts ? t.hold.lifted : t.hold.held);
      onClose();
    },
  });
  return (
    <Dialog title={lifts ? t.hold.lift : t.hold.set} onClose={onClose}>
      <form
        className={controls.form}
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (words.trim()) saving.mutate(words.trim());
        }}
      >
        <p className={styles.lead}>{lifts ? t.hold.liftLead : t.hold.setLead}</p>
        <div className={controls.field}>
          <label className={controls.label} htmlFor="hold-reason">
            {t.decision.reason}
          </label>
          <textarea
            id="hold-reason"
            className={controls.input}
            rows={2}
            maxLength={200}
            required
            value={words}
            onChange={(changed) => setWords(changed.target.value)}
          />
        </div>
        {saving.isError && (
          <p role="alert" className={controls.error}>
            {problemWords(saving.error, t)}
          </p>
        )}
        <div className={controls.actions}>
          <button type="button" className={controls.button} onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={saving.isPending || !words.trim()}>
            {lifts ? t.hold.lift : t.hold.set}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
