/** What the act may cost, by the law that held on its day. A proposal: the officer decides. */

import type { EventView, Provision } from "../../api/types";
import { useI18n } from "../../i18n";
import facts from "./Facts.module.css";
import styles from "./LegalBasis.module.css";
import { money, parts, texts } from "./provision";

export function LegalBasis({ event }: { event: EventView }) {
  const { t } = useI18n();
  const [first, ...others] = event.law;
  if (!first) return null;
  return (
    <section aria-labelledby="law-title" data-testid="legal-basis">
      <h3 id="law-title" className={facts.title}>
        {t.law.title}
      </h3>
      <Row row={first} />
      {others.length > 0 && <p className={styles.also}>{t.law.alsoPossible}</p>}
      {others.map((row) => (
        <Row key={row.ref} row={row} />
      ))}
    </section>
  );
}

function Row({ row }: { row: Provision }) {
  const { t, language } = useI18n();
  const { act, instrument, condition, note } = texts(row, language);
  const amount = (value: number) => money(value, row.currency, language);
  return (
    <div className={styles.row}>
      <p className={styles.ref}>
        {t.law.ref(...parts(row.ref))}
        {!row.verified && <span className={styles.unverified}>{t.law.unverified}</span>}
      </p>
      <p>{act}</p>
      <p className={styles.fine}>
        {t.law.fine(amount(row.fine_min), amount(row.fine_max))}
        <span>{t.law.points(row.points)}</span>
      </p>
      <p className={styles.more}>{t.law.usual(amount(row.fine_default))}</p>
      {condition && <p className={styles.more}>{condition}</p>}
      <p className={styles.more}>
        {instrument}
        {note && `. ${note}`}
      </p>
    </div>
  );
}
