/** The browser's own modal dialog: focus stays inside, Esc closes, focus returns where it was. */

import { useEffect, useId, useRef, type ReactNode } from "react";
import { useI18n } from "../i18n";
import styles from "./Dialog.module.css";
import { Icon } from "./icons";

export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useI18n();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) {
      element.showModal();
      // The browser would take the first control, which is the cross: Enter must never mean "close" in a form.
      element.querySelector<HTMLElement>("form :is(input, select, textarea)")?.focus();
    }
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={styles.head}>
        <h2 id={heading}>{title}</h2>
        <button type="button" className={styles.close} onClick={onClose} aria-label={t.common.close}>
          <Icon name="cross" />
        </button>
      </div>
      {children}
    </dialog>
  );
}
