/** Frame of every page behind the sign-in: rail, connection state, the page, live announcements. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Navigate, NavLink, Outlet, useLocation } from "react-router";
import { sessionQuery } from "../api/queries";
import { useI18n } from "../i18n";
import { KeyHelp } from "../keys/KeyHelp";
import { useKeys } from "../keys/useKeys";
import { LiveProvider } from "../live/LiveProvider";
import { NodeNews, useFaultyNodes } from "../nodes/NodeNews";
import controls from "../styles/controls.module.css";
import { AccountMenu } from "./AccountMenu";
import { AnnounceProvider } from "./announce";
import { ConnectionState, StaleBanner } from "./Connection";
import { Icon, type IconName } from "./icons";
import { Mark } from "./Mark";
import { problemWords } from "./problems";
import { mayManagePeople, PersonContext } from "./session";
import styles from "./Shell.module.css";

export function Shell() {
  const { t } = useI18n();
  const location = useLocation();
  const session = useQuery(sessionQuery);
  if (session.isPending) return <p className={styles.waiting}>{t.common.loading}</p>;
  if (session.isError) {
    return (
      <main className={styles.waiting}>
        <p role="alert">{problemWords(session.error, t)}</p>
        <button type="button" className={controls.button} onClick={() => void session.refetch()}>
          {t.common.retry}
        </button>
      </main>
    );
  }
  if (!session.data) return <Navigate to="/sign-in" replace state={{ from: location.pathname + location.search }} />;
  return (
    <PersonContext.Provider value={session.data.person}>
      <LiveProvider>
        <AnnounceProvider>
          <Frame admin={mayManagePeople(session.data.person)} />
        </AnnounceProvider>
      </LiveProvider>
    </PersonContext.Provider>
  );
}

function Frame({ admin }: { admin: boolean }) {
  const { t } = useI18n();
  const [help, setHelp] = useState(false);
  const faulty = useFaultyNodes();
  useKeys({ help: () => setHelp(true) });
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        {t.nav.skip}
      </a>
      <header className={styles.rail}>
        <div className={styles.brand}>
          <Mark size={30} />
          <span className={styles.product}>{t.product}</span>
        </div>
        <nav className={styles.nav} aria-label={t.nav.main}>
          <Item to="/alerts" icon="alerts" words={t.nav.alerts} />
          <Item to="/cameras" icon="cameras" words={t.nav.cameras} faults={faulty} />
          {admin && <Item to="/people" icon="people" words={t.nav.people} />}
        </nav>
        <div className={styles.foot}>
          <ConnectionState />
          <button type="button" className={styles.keys} onClick={() => setHelp(true)} aria-label={t.keys.open} title={t.keys.open}>
            <Icon name="keys" size={20} />
          </button>
          <AccountMenu />
        </div>
      </header>
      <div className={styles.page}>
        <StaleBanner />
        <main id="main" className={styles.main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <NodeNews />
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function Item({ to, icon, words, faults = 0 }: { to: string; icon: IconName; words: string; faults?: number }) {
  const { t } = useI18n();
  return (
    <NavLink to={to} className={({ isActive }) => (isActive ? `${styles.item} ${styles.active}` : `${styles.item}`)}>
      <Icon name={icon} size={20} />
      <span>{words}</span>
      {faults > 0 && (
        <span className={styles.badge}>
          <span aria-hidden="true">{faults}</span>
          <span className="visually-hidden">{t.nodes.badge(faults)}</span>
        </span>
      )}
    </NavLink>
  );
}
