/** An invited person chooses a password of their own. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { acceptInvitation, sessionBecomes } from "../api/queries";
import { useI18n } from "../i18n";
import { Complaint } from "../shell/Complaint";
import controls from "../styles/controls.module.css";
import { Door } from "./Door";
import { PasswordField } from "./PasswordField";
import { tokenOf } from "./rules";
import { linkProblem } from "./SetupPage";

export function AcceptPage() {
  const { t } = useI18n();
  const token = tokenOf(useLocation());
  return (
    <Door title={t.access.acceptTitle} lead={t.access.acceptLead}>
      {token ? <AcceptForm token={token} /> : <p className={controls.error}>{t.access.acceptNoToken}</p>}
      <Link to="/sign-in">{t.access.signIn}</Link>
    </Door>
  );
}

function AcceptForm({ token }: { token: string }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const [repeat, setRepeat] = useState("");
  const differ = repeat !== "" && repeat !== password;
  const accepting = useMutation({
    mutationFn: () => acceptInvitation(token, password),
    onSuccess: async (session) => {
      sessionBecomes(client, session);
      await navigate("/alerts", { replace: true });
    },
  });
  return (
    <form
      className={controls.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (repeat === password) accepting.mutate();
      }}
    >
      <PasswordField
        label={t.access.password}
        name="password"
        autoComplete="new-password"
        value={password}
        onChange={setPassword}
      />
      <PasswordField
        label={t.access.repeat}
        name="repeat"
        autoComplete="new-password"
        value={repeat}
        onChange={setRepeat}
      />
      <Complaint words={differ ? t.access.mismatch : accepting.isError ? linkProblem(accepting.error, t) : null} />
      <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={accepting.isPending || differ}>
        {t.access.acceptButton}
      </button>
    </form>
  );
}
