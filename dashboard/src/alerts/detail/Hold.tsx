/** Legal hold: whether the event must stay whatever its age, who said so, and the hand that says it. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { eventQuery, hold, liftHold } from "../../api/queries";
import type { EventView } from "../../api/types";
import { useI18n } from "../../i18n";
import { useAnnounce } from "../../shell/announce";
import { ReasonDialog } from "../../shell/ReasonDialog";
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
  const lifts = event.hold !== null;
  const change = async (reason: string) => {
    const changed = await (lifts ? liftHold(event, reason) : hold(event, reason));
    client.setQueryData(eventQuery(event.id).queryKey, changed);
    announce(lifts ? t.hold.lifted : t.hold.held);
  };
  return (
    <ReasonDialog
      title={lifts ? t.hold.lift : t.hold.set}
      lead={lifts ? t.hold.liftLead : t.hold.setLead}
      submit={lifts ? t.hold.lift : t.hold.set}
      longest={200}
      onReason={change}
      onClose={onClose}
    />
  );
}
