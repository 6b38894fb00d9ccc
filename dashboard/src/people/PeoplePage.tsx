/** People of the centre, for administrators. Nobody chooses a password for somebody else. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changePerson, newLink, peopleQuery, type OneTimeLink } from "../api/queries";
import type { Person, Role } from "../api/types";
import { useI18n } from "../i18n";
import { Complaint } from "../shell/Complaint";
import { mayManagePeople, usePerson } from "../shell/session";
import controls from "../styles/controls.module.css";
import { InviteDialog } from "./InviteDialog";
import { LinkDialog } from "./LinkDialog";
import { peopleProblem, ROLES } from "./roles";
import styles from "./PeoplePage.module.css";

interface Handed extends OneTimeLink {
  name: string;
}

export function PeoplePage() {
  const { t } = useI18n();
  return mayManagePeople(usePerson()) ? <People /> : <p className={styles.page}>{t.people.notAllowed}</p>;
}

function People() {
  const { t } = useI18n();
  const client = useQueryClient();
  const query = useQuery(peopleQuery);
  const [inviting, setInviting] = useState(false);
  const [handed, setHanded] = useState<Handed | null>(null);
  const [trouble, setTrouble] = useState<Error | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: peopleQuery.queryKey });
  const changing = useMutation({
    mutationFn: ({ id, change }: { id: string; change: { role?: Role; active?: boolean } }) => changePerson(id, change),
    onMutate: () => setTrouble(null),
    onError: setTrouble,
    onSettled: refresh,
  });
  const linking = useMutation({
    mutationFn: async (person: Person) => ({ ...(await newLink(person.id)), name: person.name }),
    onMutate: () => setTrouble(null),
    onError: setTrouble,
    onSuccess: setHanded,
  });
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t.people.title}</h1>
        <button type="button" className={`${controls.button} ${controls.primary}`} onClick={() => setInviting(true)}>
          {t.people.invite}
        </button>
      </header>
      {query.isPending && <p>{t.common.loading}</p>}
      <Complaint words={(trouble ?? query.error) ? peopleProblem(trouble ?? query.error, t) : null} />
      <ul className={styles.people}>
        {query.data?.map((person) => (
          <PersonRow
            key={person.id}
            person={person}
            onChange={(change) => changing.mutate({ id: person.id, change })}
            onLink={() => linking.mutate(person)}
          />
        ))}
      </ul>
      {inviting && (
        <InviteDialog
          onClose={() => setInviting(false)}
          onInvited={(invited) => {
            setInviting(false);
            setHanded({ ...invited, name: invited.person.name });
            void refresh();
          }}
        />
      )}
      {handed && <LinkDialog name={handed.name} link={handed} onClose={() => setHanded(null)} />}
    </div>
  );
}

interface RowProps {
  person: Person;
  onChange: (change: { role?: Role; active?: boolean }) => void;
  onLink: () => void;
}

function PersonRow({ person, onChange, onLink }: RowProps) {
  const { t } = useI18n();
  const isMe = usePerson().id === person.id;
  return (
    <li className={styles.person} data-active={person.active}>
      <div className={styles.who}>
        <strong>
          {person.name}
          {isMe && ` (${t.people.you})`}
        </strong>
        <span>{person.username}</span>
      </div>
      <select
        className={styles.role}
        aria-label={`${t.people.role}: ${person.name}`}
        value={person.role}
        disabled={isMe}
        onChange={(event) => onChange({ role: event.target.value as Role })}
      >
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {t.roles[role]}
          </option>
        ))}
      </select>
      <span className={styles.state}>{person.active ? t.people.active : t.people.off}</span>
      <div className={controls.row}>
        <button type="button" className={`${controls.button} ${controls.small}`} disabled={!person.active} onClick={onLink}>
          {t.people.newLink}
        </button>
        <button
          type="button"
          className={`${controls.button} ${controls.small}`}
          disabled={isMe}
          onClick={() => onChange({ active: !person.active })}
        >
          {person.active ? t.people.switchOff : t.people.switchOn}
        </button>
      </div>
    </li>
  );
}
