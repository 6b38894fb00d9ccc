/** Change one's own password. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../api/client";
import { changePassword } from "../api/queries";
import { useI18n } from "../i18n";
import type { Messages } from "../i18n/vi";
import { useAnnounce } from "../shell/announce";
import { Complaint } from "../shell/Complaint";
import { Dialog } from "../shell/Dialog";
import { problemWords } from "../shell/problems";
import controls from "../styles/controls.module.css";
import { PasswordField } from "./PasswordField";

export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  const announce = useAnnounce();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const changing = useMutation({
    mutationFn: () => changePassword(old, next),
    onSuccess: () => {
      announce(t.account.changed);
      onClose();
    },
  });
  return (
    <Dialog title={t.account.changePassword} onClose={onClose}>
      <form
        className={controls.form}
        onSubmit={(event) => {
          event.preventDefault();
          changing.mutate();
        }}
      >
        <PasswordField label={t.account.oldPassword} name="old" autoComplete="current-password" value={old} onChange={setOld} />
        <PasswordField label={t.account.newPassword} name="new" autoComplete="new-password" value={next} onChange={setNext} />
        <Complaint words={changing.isError ? refusal(changing.error, t) : null} />
        <div className={controls.actions}>
          <button type="button" className={controls.button} onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={changing.isPending}>
            {t.common.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function refusal(error: Error, t: Messages): string {
  if (!(error instanceof ApiError)) return problemWords(error, t);
  if (error.problem === "wrong-password") return t.account.wrongOld;
  if (error.status === 422) return `${t.problem.invalid} ${error.message}`;
  return problemWords(error, t);
}
