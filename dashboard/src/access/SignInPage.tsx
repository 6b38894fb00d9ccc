/** Sign in. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Navigate, useLocation } from "react-router";
import { ApiError } from "../api/client";
import { sessionBecomes, sessionQuery, setupQuery, signIn } from "../api/queries";
import { useI18n } from "../i18n";
import type { Messages } from "../i18n/vi";
import { Complaint } from "../shell/Complaint";
import { problemWords } from "../shell/problems";
import controls from "../styles/controls.module.css";
import { Door } from "./Door";
import { PasswordField } from "./PasswordField";
import { safeTarget } from "./rules";

export function SignInPage() {
  const { t } = useI18n();
  const client = useQueryClient();
  const location = useLocation();
  const session = useQuery(sessionQuery);
  const setup = useQuery(setupQuery);
  const nameId = useId();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const entering = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onSuccess: (made) => sessionBecomes(client, made),
    onError: () => setPassword(""),
  });
  const from = (location.state as { from?: unknown } | null)?.from;
  if (session.data) return <Navigate to={safeTarget(from)} replace />;
  return (
    <Door title={t.access.signIn}>
      {setup.data?.needed && <p className={controls.error}>{t.access.needSetup}</p>}
      <form
        className={controls.form}
        onSubmit={(event) => {
          event.preventDefault();
          entering.mutate();
        }}
      >
        <div className={controls.field}>
          <label className={controls.label} htmlFor={nameId}>
            {t.access.username}
          </label>
          <input
            id={nameId}
            className={controls.input}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </div>
        <PasswordField
          label={t.access.password}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
        <Complaint words={entering.isError ? refusal(entering.error, t) : null} />
        <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={entering.isPending}>
          {entering.isPending ? t.access.signingIn : t.access.signIn}
        </button>
      </form>
    </Door>
  );
}

function refusal(error: Error, t: Messages): string {
  return error instanceof ApiError && error.status === 401 ? t.access.wrong : problemWords(error, t);
}
