/** The table of keys, on `?`. */

import { useI18n } from "../i18n";
import { Dialog } from "../shell/Dialog";
import styles from "./KeyHelp.module.css";

export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useI18n();
  if (!open) return null;
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
    </Dialog>
  );
}
