/** Edge nodes with something wrong: records that are missing, and what the node itself says it lacks. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { nodesQuery } from "../api/queries";
import type { Gap, NodeView } from "../api/types";
import { useI18n } from "../i18n";
import { Icon } from "../shell/icons";
import { mayAcknowledge, usePerson } from "../shell/session";
import controls from "../styles/controls.module.css";
import { shortTime } from "../time/format";
import { AcknowledgeDialog } from "./AcknowledgeDialog";
import { inOrder, isOpen, isShown, recordsOf, unlisted } from "./faults";
import styles from "./NodeFaults.module.css";

export function NodeFaults({ now }: { now: Date }) {
  const { t } = useI18n();
  const nodes = (useQuery(nodesQuery).data ?? []).filter(isShown);
  const [asked, setAsked] = useState<{ node: string; gap: Gap } | null>(null);
  if (nodes.length === 0) return null;
  return (
    <section className={styles.faults} aria-label={t.nodes.title}>
      {nodes.map((node) => (
        <NodeCard key={node.node} node={node} now={now} onAcknowledge={(gap) => setAsked({ node: node.node, gap })} />
      ))}
      {asked && <AcknowledgeDialog node={asked.node} gap={asked.gap} onClose={() => setAsked(null)} />}
    </section>
  );
}

function NodeCard({ node, now, onAcknowledge }: { node: NodeView; now: Date; onAcknowledge: (gap: Gap) => void }) {
  const { t } = useI18n();
  const gaps = inOrder(node.gaps);
  const more = unlisted(node);
  return (
    <article className={styles.node} data-missing={node.missing > 0}>
      <h2>{t.nodes.node(node.node)}</h2>
      <ul className={styles.list}>
        {gaps.map((gap) => (
          <GapLine key={`${gap.outbox} ${gap.first} ${gap.closed_at}`} gap={gap} now={now} onAcknowledge={() => onAcknowledge(gap)} />
        ))}
        {more > 0 && <li className={styles.line}>{t.nodes.more(more)}</li>}
        {node.key_problem !== null && <li className={styles.line}>{t.nodes.keyProblem}</li>}
      </ul>
      {node.missing > 0 && <p className={styles.todo}>{t.nodes.todo}</p>}
      {node.faults.length > 0 && (
        <div className={styles.own}>
          <h3>{t.nodes.own}</h3>
          <ul lang="en">
            {node.faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </div>
      )}
    </article>
  );
}

function GapLine({ gap, now, onAcknowledge }: { gap: Gap; now: Date; onAcknowledge: () => void }) {
  const { t } = useI18n();
  const person = usePerson();
  const open = isOpen(gap);
  const since = shortTime(gap.since, now);
  const words = gap.closed_at === null ? t.nodes.missing(recordsOf(gap), since) : t.nodes.closed(recordsOf(gap), since);
  return (
    <li className={styles.line} data-open={open}>
      <Icon name={open ? "warning" : "check"} />
      <span className={styles.words}>
        <strong>{words}</strong>
        <span className={styles.numbers}>
          {t.nodes.numbers(gap.first, gap.last)}
          {gap.closed_at !== null && `, ${t.nodes.closedAt(shortTime(gap.closed_at, now))}`}
        </span>
        {gap.acknowledged && (
          <span className={styles.numbers}>
            {t.nodes.acknowledged(gap.acknowledged.by, shortTime(gap.acknowledged.at, now))}: {gap.acknowledged.reason}
          </span>
        )}
      </span>
      {open && mayAcknowledge(person) && (
        <button type="button" className={`${controls.button} ${controls.small}`} onClick={onAcknowledge}>
          {t.nodes.acknowledge}
        </button>
      )}
    </li>
  );
}
