/** A camera without a scene of its own: what that means, and how an engineer draws one. */

import { Link } from "react-router";
import { useI18n } from "../i18n";
import styles from "./Cameras.module.css";
import help from "./SceneHelp.module.css";

export function DefaultScene() {
  const { t } = useI18n();
  return (
    <section className={styles.panel}>
      <h2>{t.sceneHelp.isDefault}</h2>
      <p>{t.sceneHelp.means}</p>
      <Link to="/help/scene">{t.sceneHelp.link}</Link>
    </section>
  );
}

export function SceneHelpPage() {
  const { t } = useI18n();
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t.sceneHelp.link}</h1>
      </header>
      <section className={styles.panel}>
        <p>{t.sceneHelp.what}</p>
        <ol className={help.steps}>
          {t.sceneHelp.steps.map(([words, command]) => (
            <li key={words}>
              <p>{words}</p>
              <pre>
                <code>{command}</code>
              </pre>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
