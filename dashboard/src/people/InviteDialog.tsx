/** Invite somebody: name, user name, role. The password is theirs to choose, by the link. */

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { invite, type OneTimeLink } from "../api/queries";
import type { Person, Role } from "../api/types";
import { useI18n } from "../i18n";
import { Complaint } from "../shell/Complaint";
import { Dialog } from "../shell/Dialog";
import controls from "../styles/controls.module.css";
import { peopleProblem, ROLES } from "./roles";

interface Props {
  onClose: () => void;
  onInvited: (invited: OneTimeLink & { person: Person }) => void;
}

export function InviteDialog({ onClose, onInvited }: Props) {
  const { t } = useI18n();
  const id = useId();
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("officer");
  const inviting = useMutation({
    mutationFn: () => invite({ name: name.trim(), username: username.trim(), role }),
    onSuccess: onInvited,
  });
  return (
    <Dialog title={t.people.invite} onClose={onClose}>
      <form
        className={controls.form}
        onSubmit={(event) => {
          event.preventDefault();
          inviting.mutate();
        }}
      >
        <div className={controls.field}>
          <label className={controls.label} htmlFor={`${id}-name`}>
            {t.access.name}
          </label>
          <input id={`${id}-name`} className={controls.input} required value={name} onChange={(event) => setName(event.target.value)} />
        </div>
        <div className={controls.field}>
          <label className={controls.label} htmlFor={`${id}-username`}>
            {t.access.username}
          </label>
          <input
            id={`${id}-username`}
            className={controls.input}
            required
            autoCapitalize="none"
            spellCheck={false}
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        </div>
        <div className={controls.field}>
          <label className={controls.label} htmlFor={`${id}-role`}>
            {t.people.role}
          </label>
          <select id={`${id}-role`} className={controls.input} value={role} onChange={(event) => setRole(event.target.value as Role)}>
            {ROLES.map((one) => (
              <option key={one} value={one}>
                {t.roles[one]}
              </option>
            ))}
          </select>
        </div>
        <Complaint words={inviting.isError ? peopleProblem(inviting.error, t) : null} />
        <div className={controls.actions}>
          <button type="button" className={controls.button} onClick={onClose}>
            {t.common.cancel}
          </button>
          <button type="submit" className={`${controls.button} ${controls.primary}`} disabled={inviting.isPending}>
            {t.people.send}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
