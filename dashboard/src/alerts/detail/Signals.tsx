/** What the signal heads showed before, at and after the act: the history the finding was judged on. */

import type { SignalSeen } from "../../api/types";
import { wordsFor } from "../../domain/codes";
import { useI18n } from "../../i18n";
import facts from "./Facts.module.css";
import { offset } from "./facts";
import styles from "./Signals.module.css";

export function Signals({ signals }: { signals: readonly SignalSeen[] }) {
  const { t } = useI18n();
  if (signals.length === 0) return null;
  return (
    <section aria-labelledby="signals-title" data-testid="signals">
      <h3 id="signals-title" className={facts.title}>
        {t.signals.title}
      </h3>
      <p className={styles.lead}>{t.signals.lead}</p>
      <table className={styles.history}>
        <thead>
          <tr>
            <th scope="col">{t.signals.head}</th>
            <th scope="col">{t.signals.state}</th>
            <th scope="col">{t.signals.from}</th>
            <th scope="col">{t.signals.until}</th>
          </tr>
        </thead>
        <tbody>
          {signals.map((seen) => (
            <tr key={`${seen.head} ${seen.since_s}`} data-act={isAtTheAct(seen) || undefined}>
              <td>{seen.head}</td>
              <td>
                <span className={styles.lamp} data-state={seen.state} aria-hidden="true" />
                {wordsFor(t.signalStates, seen.state)}
              </td>
              <td className={styles.figure}>{offset(seen.since_s, t)}</td>
              <td className={styles.figure}>{seen.until_s === null ? t.signals.still : offset(seen.until_s, t)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function isAtTheAct(seen: SignalSeen): boolean {
  return seen.since_s <= 0 && (seen.until_s === null || seen.until_s > 0);
}
