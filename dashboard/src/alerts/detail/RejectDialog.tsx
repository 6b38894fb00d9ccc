/** Why not? One digit chooses, Enter sends. */

import { useEffect, useRef, useState } from "react";
import { REJECT_CODES, type RejectCode } from "../../domain/codes";
import { useI18n } from "../../i18n";
import { Complaint } from "../../shell/Complaint";
import { Dialog } from "../../shell/Dialog";
import controls from "../../styles/controls.module.css";
import { needsWords, storedReason } from "./reasons";
import styles from "./RejectDialog.module.css";

interface Props {
  onReject: (reason: string) => void;
  onClose: () => void;
}

export function RejectDialog({ onReject, onClose }: Props) {
  const { t } = useI18n();
  const [code, setCode] = useState<RejectCode | null>(null);
  const [words, setWords] = useState("");
  const [complaint, setComplaint] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useDigits((digit) => {
    const chosen = REJECT_CODES[digit - 1];
    if (!chosen) return;
    setCode(chosen);
    form.current?.querySelector<HTMLInputElement>(`input[value=${chosen}]`)?.focus();
  });
  const submit = () => {
    if (code === null) setComplaint(t.decision.needReason);
    else if (needsWords(code, words)) setComplaint(t.decision.needWords);
    else onReject(storedReason(code, words));
  };
  return (
    <Dialog title={t.decision.rejectTitle} onClose={onClose}>
      <form
        ref={form}
        className={controls.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <fieldset className={styles.reasons}>
          <legend className={styles.lead}>{t.decision.rejectLead}</legend>
          {REJECT_CODES.map((one, index) => (
            <label key={one} className={styles.reason}>
              <input type="radio" name="reason" value={one} checked={one === code} onChange={() => setCode(one)} />
              <kbd>{index + 1}</kbd>
              <span>{t.rejectReasons[one]}</span>
            </label>
          ))}
        </fieldset>
        <div className={controls.field}>
          <label className={controls.label} htmlFor="reject-words">
            {code === "other" ? t.decision.ownWordsOther : t.decision.ownWords}
          </label>
          <textarea
            id="reject-words"
            className={controls.input}
            rows={2}
            maxLength={500}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </div>
        <Complaint words={complaint} />
        <div className={controls.actions}>
          <button type="button" className={controls.button} onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className={`${controls.button} ${styles.submit}`}>
            {t.decision.submit}
            <kbd>Enter</kbd>
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Digits choose while nobody writes in the text field. */
function useDigits(onDigit: (digit: number) => void): void {
  const newest = useRef(onDigit);
  useEffect(() => {
    newest.current = onDigit;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLTextAreaElement || event.ctrlKey || event.altKey || event.metaKey) return;
      if (!/^[1-9]$/.test(event.key)) return;
      event.preventDefault();
      newest.current(Number(event.key));
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
