/** One alert to judge: pictures, facts, custody, decision - on one screen, nothing to scroll for at a desk. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { eventQuery } from "../../api/queries";
import type { EventView } from "../../api/types";
import { actWords } from "../../domain/words";
import { useI18n } from "../../i18n";
import { Icon } from "../../shell/icons";
import { problemWords } from "../../shell/problems";
import { ApiError } from "../../api/client";
import { exactTime } from "../../time/format";
import controls from "../../styles/controls.module.css";
import styles from "./AlertDetail.module.css";
import { Custody } from "./Custody";
import { DecisionBar } from "./DecisionBar";
import { Facts } from "./Facts";
import { Hold } from "./Hold";
import { LegalBasis } from "./LegalBasis";
import { Pictures } from "./Pictures";
import { Signals } from "./Signals";

interface Props {
  id: string;
  onBack: () => void;
  onDecided: (event: EventView) => void;
  onNewer: (event: EventView) => void;
}

export function AlertDetail({ id, onBack, onDecided, onNewer }: Props) {
  const { t } = useI18n();
  const query = useQuery(eventQuery(id));
  const event = query.data;
  useEffect(() => {
    document.title = event ? `${actWords(event, t)} · ${t.product}` : t.product;
    return () => {
      document.title = t.product;
    };
  }, [event, t]);
  if (query.isPending) return <p className={styles.word}>{t.common.loading}</p>;
  if (!event) {
    const missing = query.error instanceof ApiError && query.error.status === 404;
    return (
      <div className={styles.word} role="alert">
        <p>{missing ? t.alerts.notFound : problemWords(query.error, t)}</p>
        <button type="button" className={controls.button} onClick={onBack}>
          {t.alerts.backToList}
        </button>
      </div>
    );
  }
  return (
    <article className={styles.detail} data-testid="alert-detail">
      <Title event={event} onBack={onBack} />
      <div className={styles.body}>
        <Pictures event={event} />
        <div className={styles.side}>
          <Custody event={event} />
          <Hold event={event} />
          <LegalBasis event={event} />
          <Signals signals={event.data.signals} />
          <Facts event={event} />
        </div>
      </div>
      <DecisionBar event={event} onDecided={onDecided} onNewer={onNewer} />
    </article>
  );
}

function Title({ event, onBack }: { event: EventView; onBack: () => void }) {
  const { t } = useI18n();
  const kind = event.kind === "violation" ? "violation" : "incident";
  return (
    <header className={styles.head} data-kind={kind}>
      <button type="button" className={styles.back} onClick={onBack} aria-label={t.alerts.backToList}>
        <Icon name="back" size={20} />
      </button>
      <div className={styles.titles}>
        <p className={styles.kind}>
          <Icon name={kind} size={15} />
          {t.kinds[event.kind]}
        </p>
        <h2 id="alert-title" tabIndex={-1} className={styles.title}>
          {actWords(event, t)}
        </h2>
      </div>
      <p className={styles.when}>
        <time dateTime={event.time}>{exactTime(event.time)}</time>
        <span>{event.camera.name}</span>
      </p>
    </header>
  );
}
