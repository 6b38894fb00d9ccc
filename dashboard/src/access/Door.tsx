/** Frame of the pages before sign-in: mark, one form, language and theme. */

import type { ReactNode } from "react";
import { useI18n } from "../i18n";
import { Choices } from "../shell/AccountMenu";
import { Mark } from "../shell/Mark";
import styles from "./Door.module.css";

export function Door({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t } = useI18n();
  return (
    <div className={styles.door}>
      <div className={styles.scene} aria-hidden="true">
        <svg viewBox="0 0 600 900" preserveAspectRatio="xMidYMid slice">
          <path className={styles.road} d="M215 0h170v300l215 60v180l-215 40v320H215V590L0 620V430l215-40z" />
          <path className={styles.dash} d="M300 0v330M300 620v280M0 525l170-24M430 455l170 5" />
          <path className={styles.stop} d="M222 352h72M306 584h72" />
          <path className={styles.track} d="M340 900V560c0-60 40-95 110-98l150-4" />
        </svg>
      </div>
      <main className={styles.side}>
        <div className={styles.brand}>
          <Mark size={44} />
          <div>
            <p className={styles.product}>{t.product}</p>
            <p className={styles.tagline}>{t.tagline}</p>
          </div>
        </div>
        <div className={styles.card}>
          <h1>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
          {children}
        </div>
        <div className={styles.choices}>
          <Choices />
        </div>
      </main>
    </div>
  );
}
