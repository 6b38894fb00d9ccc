/** The table of keys, on `?`. */

import { useState } from "react";
import { useI18n } from "../i18n";
import { Dialog } from "../shell/Dialog";
import { load, save } from "../shell/storage";
import styles from "./KeyHelp.module.css";

export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return open ? <Table onClose={onClose} /> : null;
}

function Table({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  const [used, setUsed] = useState(() => load("keys") !== "off");
  const rows: [string[], string][] = [
    [["J"], t.keys.next],
    [["K"], t.keys.previous],
    [["Enter"], t.keys.enter],
    [["C"], t.keys.confirm],
    [["R"], t.keys.reject],
    [["1", "2", "3", "4"], t.keys.stills],
    [["O"], t.keys.overlay],
    [["N"], t.keys.fresh],
    [["/"], t.keys.filter],
    [["Esc"], t.keys.escape],
    [["?"], t.keys.help],
  ];
  return (
    <Dialog title={t.keys.title} onClose={onClose}>
      <dl className={styles.table}>
        {rows.map(([keys, words]) => (
          <div key={words} className={styles.row}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <label className={styles.use}>
        <input
          type="checkbox"
          checked={used}
          onChange={(event) => {
            save("keys", event.target.checked ? "on" : "off");
            setUsed(event.target.checked);
          }}
        />
        <span>
          {t.keys.use}
          <span className={styles.hint}>{t.keys.useHint}</span>
        </span>
      </label>
    </Dialog>
  );
}
