/** The first administrator, made with the one-time link that the centre printed. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { ApiError } from "../api/client";
import { createFirstAdmin, sessionBecomes } from "../api/queries";
import { useI18n } from "../i18n";
import type { Messages } from "../i18n/vi";
import { Complaint } from "../shell/Complaint";
import { problemWords } from "../shell/problems";
import controls from "../styles/controls.module.css";
import { Door } from "./Door";
import { PasswordField } from "./PasswordField";
import { tokenOf } from "./rules";

export function SetupPage() {
  const { t } = useI18n();
  const token = tokenOf(useLocation());
  return (
    <Door title={t.access.setupTitle} lead={t.access.setupLead}>
      {token ? <SetupForm token={token} /> : <p className={controls.error}>{t.access.setupNoToken}</p>}
      <Link to="/sign-in">{t.access.signIn}</Link>
    </Door>
  );
}

function SetupForm({ token }: { token: string }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const navigate = useNavigate();
  const id = useId();
  const [form, setForm] = useState({ username: "", name: "", password: "", repeat: "" });
  const differ = form.repeat !== "" && form.repeat !== form.password;
  const making = useMutation({
    mutationFn: () => createFirstAdmin({ token, username: form.username.trim(), name: form.name.trim(), password: form.password }),
    onSuccess: async (session) => {
      sessionBecomes(client, session);
      await navigate("/alerts", { replace: true });
    },
  });
  const text = (key: "username" | "name", label: string, autoComplete: string) => (
    <div className={controls.field}>
      <label className={controls.label} htmlFor={`${id}-${key}`}>
        {label}
      </label>
      <input
        id={`${id}-${key}`}
        className={controls.input}
        name={key}
        autoComplete={autoComplete}
        required
        value={form[key]}
        onChange={(event) => setForm({ ...form, [key]: event.target.value })}
      />
    </div>
  );
  return (
    <form
      className={controls.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (form.repeat === form.password) making.mutate();
      }}
    >
      {text("name", t.access.name, "name")}
      {text("username", t.access.username, "username")}
      <PasswordField
        label={t.access.password}
        name="password"
        autoComplete="new-password"
        value={form.password}
        onChange={(password) => setForm({ ...form, password })}
      />
      <PasswordField
        label={t.access.repeat}
        name="repeat"
        autoComplete="new-password"
        value={form.repeat}
        onChange={(repeat) => setForm({ ...form, repeat })}
      />
      <Complaint words={differ ? t.access.mismatch : making.isError ? linkProblem(making.error, t) : null} />
      <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={making.isPending || differ}>
        {t.access.setupButton}
      </button>
    </form>
  );
}

/** What a one-time link was refused for; a refused password or name comes with the centre's own words. */
export function linkProblem(error: Error | null, t: Messages): string {
  if (!(error instanceof ApiError)) return t.problem.server;
  if (error.status === 409) return t.access.setupDone;
  if (error.status === 422) return `${t.problem.invalid} ${error.message}`;
  if (error.problem === "link-not-valid") return t.access.badToken;
  return problemWords(error, t);
}
