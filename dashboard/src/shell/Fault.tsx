/** A page that broke, or is not there: said in words, with a way on. */

import { Link, useRouteError } from "react-router";
import { useI18n } from "../i18n";
import controls from "../styles/controls.module.css";
import styles from "./Fault.module.css";

export function Fault() {
  const { t } = useI18n();
  const error = useRouteError();
  return (
    <main className={styles.fault}>
      <h1>{t.problem.page}</h1>
      <p>{t.problem.pageHint}</p>
      <code>{error instanceof Error ? error.message : String(error)}</code>
      <a className={controls.button} href="/alerts">
        {t.problem.toAlerts}
      </a>
    </main>
  );
}

export function NoPage() {
  const { t } = useI18n();
  return (
    <div className={styles.fault}>
      <h1>{t.problem.noPage}</h1>
      <Link className={controls.button} to="/alerts">
        {t.problem.toAlerts}
      </Link>
    </div>
  );
}
