/** A password that can be shown, with its rule. */

import { useId, useState } from "react";
import { useI18n } from "../i18n";
import controls from "../styles/controls.module.css";
import { MIN_PASSWORD } from "./rules";
import styles from "./PasswordField.module.css";

interface Props {
  label: string;
  name: string;
  autoComplete: "current-password" | "new-password";
  value: string;
  onChange: (value: string) => void;
}

export function PasswordField({ label, name, autoComplete, value, onChange }: Props) {
  const { t } = useI18n();
  const id = useId();
  const [shown, setShown] = useState(false);
  const isNew = autoComplete === "new-password";
  return (
    <div className={controls.field}>
      <label className={controls.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box}>
        <input
          id={id}
          className={controls.input}
          name={name}
          type={shown ? "text" : "password"}
          autoComplete={autoComplete}
          required
          minLength={isNew ? MIN_PASSWORD : undefined}
          value={value}
          aria-describedby={isNew ? `${id}-rule` : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        <button
          type="button"
          className={styles.show}
          aria-label={shown ? t.access.hide : t.access.show}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
            <path d="M1.500 10S4.500 4.500 10 4.500 18.500 10 18.500 10 15.500 15.500 10 15.500 1.500 10 1.500 10Z" />
            <circle cx="10" cy="10" r="2.500" />
            {shown && <path d="m3 17 14-14" />}
          </svg>
        </button>
      </div>
      {isNew && (
        <span id={`${id}-rule`} className={controls.hint}>
          {t.access.passwordRule(MIN_PASSWORD)}
        </span>
      )}
    </div>
  );
}
