/** Something that is done only with a reason, which is kept with the name of who gave it. */

import { useMutation } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import { useI18n } from "../i18n";
import controls from "../styles/controls.module.css";
import { Complaint } from "./Complaint";
import { Dialog } from "./Dialog";
import { problemWords } from "./problems";

interface Props {
  title: string;
  /** What it does, for who is about to do it. */
  lead: ReactNode;
  hint?: string;
  submit: string;
  /** Longest reason the server takes, characters. */
  longest: number;
  /** Does it; the dialog closes when it is done, and says what is wrong when it is not. */
  onReason: (reason: string) => Promise<void>;
  onClose: () => void;
}

export function ReasonDialog({ title, lead, hint, submit, longest, onReason, onClose }: Props) {
  const { t } = useI18n();
  const id = useId();
  const [words, setWords] = useState("");
  const [isMissing, setMissing] = useState(false);
  const doing = useMutation({ mutationFn: onReason, onSuccess: onClose });
  const reason = words.trim();
  const complaint = isMissing && reason === "" ? t.decision.needWords : doing.isError ? problemWords(doing.error, t) : null;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={controls.form}
        onSubmit={(submitted) => {
          submitted.preventDefault();
          setMissing(reason === "");
          if (reason !== "") doing.mutate(reason);
        }}
      >
        <p className={controls.hint}>{lead}</p>
        <div className={controls.field}>
          <label className={controls.label} htmlFor={id}>
            {t.decision.reason}
          </label>
          <textarea
            id={id}
            className={controls.input}
            rows={2}
            maxLength={longest}
            value={words}
            aria-describedby={hint === undefined ? undefined : `${id}-hint`}
            onChange={(changed) => setWords(changed.target.value)}
          />
          {hint !== undefined && (
            <span id={`${id}-hint`} className={controls.hint}>
              {hint}
            </span>
          )}
        </div>
        <Complaint words={complaint} />
        <div className={controls.actions}>
          <button type="button" className={controls.button} onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={doing.isPending}>
            {submit}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
