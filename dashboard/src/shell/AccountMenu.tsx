/** Account: who is signed in, language, theme, password, sign out. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { PasswordDialog } from "../access/PasswordDialog";
import { sessionBecomes, signOut } from "../api/queries";
import { LANGUAGES, messages, useI18n } from "../i18n";
import controls from "../styles/controls.module.css";
import styles from "./AccountMenu.module.css";
import { Icon } from "./icons";
import { Segments } from "./Segments";
import { usePerson } from "./session";
import { useTheme } from "./theme";

export function AccountMenu() {
  const { t } = useI18n();
  const person = usePerson();
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useCloseOutside(box, open, () => setOpen(false));
  return (
    <div className={styles.box} ref={box}>
      <button
        type="button"
        className={styles.button}
        aria-expanded={open}
        aria-controls="account-panel"
        aria-label={`${t.account.menu}: ${person.name}`}
        onClick={() => setOpen(!open)}
      >
        <Icon name="account" size={20} />
      </button>
      {open && (
        <div id="account-panel" className={styles.panel}>
          <div>
            <strong className={styles.name}>{person.name}</strong>
            <span className={styles.role}>{t.roles[person.role]}</span>
          </div>
          <Choices />
          <button
            type="button"
            className={`${controls.button} ${controls.small}`}
            onClick={() => {
              setOpen(false);
              setPassword(true);
            }}
          >
            {t.account.changePassword}
          </button>
          <SignOut />
        </div>
      )}
      {password && <PasswordDialog onClose={() => setPassword(false)} />}
    </div>
  );
}

/** Language and theme; also on the pages before sign-in. */
export function Choices() {
  const { t, language, choose } = useI18n();
  const theme = useTheme();
  return (
    <div className={styles.choices}>
      <Segments
        legend={t.account.language}
        value={language}
        options={LANGUAGES.map((one) => ({ value: one, words: messages[one].languageName }))}
        onChoose={choose}
      />
      <Segments
        legend={t.account.theme}
        value={theme.theme}
        options={[
          { value: "dark", words: t.account.dark },
          { value: "light", words: t.account.light },
        ]}
        onChoose={theme.choose}
      />
    </div>
  );
}

function SignOut() {
  const { t } = useI18n();
  const client = useQueryClient();
  const leave = async () => {
    try {
      await signOut();
    } finally {
      sessionBecomes(client, null);
    }
  };
  return (
    <button type="button" className={`${controls.button} ${controls.small}`} onClick={() => void leave()}>
      {t.account.signOut}
    </button>
  );
}

function useCloseOutside(box: React.RefObject<HTMLElement | null>, open: boolean, close: () => void) {
  const newest = useRef(close);
  useEffect(() => {
    newest.current = close;
  });
  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) newest.current();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") newest.current();
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [open, box]);
}
