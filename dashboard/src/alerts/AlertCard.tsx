/** One alert in the list: still, what happened, where, when, and how far it is judged. */

import { Link } from "react-router";
import type { EventView } from "../api/types";
import { actWords } from "../domain/words";
import { useI18n } from "../i18n";
import type { Messages } from "../i18n/vi";
import { Icon, type IconName } from "../shell/icons";
import { shortTime } from "../time/format";
import styles from "./AlertCard.module.css";
import { focusOf } from "./focus";

interface Props {
  event: EventView;
  to: string;
  chosen: boolean;
  now: Date;
}

export function AlertCard({ event, to, chosen, now }: Props) {
  const { t } = useI18n();
  const rule = actWords(event, t);
  const kind = event.kind === "violation" ? "violation" : "incident";
  return (
    <Link
      to={to}
      className={styles.card}
      data-id={event.id}
      data-kind={kind}
      data-state={event.state}
      aria-current={chosen ? "true" : undefined}
    >
      <Still event={event} />
      <span className={styles.words}>
        <span className={styles.kind}>
          <Icon name={kind} size={13} />
          {t.kinds[event.kind]}
          <time className={styles.time} dateTime={event.time}>
            {shortTime(event.time, now)}
          </time>
        </span>
        <span className={styles.rule}>{rule}</span>
        <span className={styles.camera}>{event.camera.name}</span>
        <span className={styles.states}>
          <Mark event={event} />
          <Proof event={event} />
        </span>
      </span>
    </Link>
  );
}

function Still({ event }: { event: EventView }) {
  const { t } = useI18n();
  const focus = focusOf(event.data.box);
  return (
    <span className={styles.still}>
      {event.still_url ? (
        <img
          src={event.still_url}
          alt=""
          loading="lazy"
          decoding="async"
          style={{ transform: `scale(${focus.scale})`, transformOrigin: `${focus.originX}% ${focus.originY}%` }}
        />
      ) : (
        <span className={styles.wait}>{event.evidence.state === "none" ? t.detail.noEvidence : t.alerts.noStill}</span>
      )}
    </span>
  );
}

const STATE_ICONS: Record<EventView["state"], IconName> = { new: "clock", confirmed: "check", rejected: "cross" };

function Mark({ event }: { event: EventView }) {
  const { t } = useI18n();
  return (
    <span className={styles.chip} data-state={event.state}>
      <Icon name={STATE_ICONS[event.state]} size={13} />
      {t.states[event.state]}
    </span>
  );
}

/** Short word on the evidence; the detail has the whole sentence. */
function Proof({ event }: { event: EventView }) {
  const { t } = useI18n();
  const proof = proofOf(event, t);
  return proof ? (
    <span className={styles.proof} data-tone={proof.tone} title={proof.words}>
      <Icon name={proof.icon} size={14} />
      <span className="visually-hidden">{proof.words}</span>
    </span>
  ) : null;
}

function proofOf({ evidence }: EventView, t: Messages): { words: string; icon: IconName; tone: string } | null {
  if (evidence.state === "none") return null;
  if (evidence.verified === false) return { words: t.detail.notVerified, icon: "warning", tone: "bad" };
  if (evidence.state === "incomplete") return { words: t.detail.incomplete, icon: "warning", tone: "warn" };
  if (evidence.state === "on_its_way") return { words: t.detail.waiting, icon: "clock", tone: "wait" };
  return { words: evidence.verified ? t.detail.verified : t.detail.unchecked, icon: "shield", tone: evidence.verified ? "ok" : "wait" };
}
