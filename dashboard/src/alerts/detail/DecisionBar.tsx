/** Confirm or reject, by hand or by key; afterwards who decided, when and why. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/client";
import { decide, eventQuery } from "../../api/queries";
import type { Decision, EventView } from "../../api/types";
import { actWords } from "../../domain/words";
import { useI18n } from "../../i18n";
import { useKeys } from "../../keys/useKeys";
import { useAnnounce } from "../../shell/announce";
import { Icon } from "../../shell/icons";
import { problemWords } from "../../shell/problems";
import { mayDecide, usePerson } from "../../shell/session";
import { dateTime } from "../../time/format";
import controls from "../../styles/controls.module.css";
import styles from "./DecisionBar.module.css";
import { readReason } from "./reasons";
import { RejectDialog } from "./RejectDialog";

interface Props {
  event: EventView;
  onDecided: (event: EventView) => void;
  onNewer: (event: EventView) => void;
}

export function DecisionBar({ event, onDecided, onNewer }: Props) {
  return (
    <footer className={styles.bar} data-testid="decision">
      {event.decision ? <Decided event={event} /> : <Open event={event} onDecided={onDecided} onNewer={onNewer} />}
    </footer>
  );
}

function Decided({ event }: { event: EventView }) {
  const { t } = useI18n();
  const { decision } = event;
  if (!decision) return null;
  return (
    <div className={styles.decided} data-decision={decision.decision}>
      <Icon name={decision.decision === "confirmed" ? "check" : "cross"} size={22} />
      <div>
        <p className={styles.what}>{t.states[decision.decision]}</p>
        <p className={styles.who}>{t.decision.by(decision.by, dateTime(decision.at))}</p>
      </div>
      {decision.reason && <p className={styles.why}>{`${t.decision.reason}: ${readReason(decision.reason, t)}`}</p>}
    </div>
  );
}

function useDecide({ event, onDecided, onNewer }: Props) {
  const { t } = useI18n();
  const client = useQueryClient();
  const announce = useAnnounce();
  return useMutation({
    mutationFn: ({ decision, reason }: { decision: Decision; reason: string | null }) => decide(event, decision, reason),
    onSuccess: (decided) => {
      client.setQueryData(eventQuery(event.id).queryKey, decided);
      announce(t.decision.said(t.states[decided.state], actWords(event, t), event.camera.name));
      onDecided(decided);
    },
    onError: async (error) => {
      if (!(error instanceof ApiError) || (error.status !== 412 && error.status !== 409)) return;
      announce(t.decision.faster);
      onNewer(await client.query({ ...eventQuery(event.id), staleTime: 0 }));
    },
  });
}

function Open(props: Props) {
  const { event } = props;
  const { t } = useI18n();
  const person = usePerson();
  const [rejecting, setRejecting] = useState(false);
  const deciding = useDecide(props);
  const allowed = mayDecide(person, event.kind);
  const blocked = !allowed || deciding.isPending;
  const confirm = () => {
    if (!blocked) deciding.mutate({ decision: "confirmed", reason: null });
  };
  const reject = () => {
    if (!blocked) setRejecting(true);
  };
  useKeys({ confirm, reject });
  return (
    <>
      <p className={styles.note} role={deciding.isError ? "alert" : undefined}>
        {!allowed && t.decision.notAllowed(t.roles[person.role])}
        {deciding.isError && `${t.decision.failed} ${problemWords(deciding.error, t)}`}
      </p>
      <button type="button" className={`${controls.button} ${styles.reject}`} disabled={blocked} onClick={reject}>
        <Icon name="cross" />
        {t.decision.reject}
        <kbd>R</kbd>
      </button>
      <button type="button" className={`${controls.button} ${styles.confirm}`} disabled={blocked} onClick={confirm}>
        <Icon name="check" />
        {deciding.isPending ? t.decision.saving : t.decision.confirm}
        <kbd>C</kbd>
      </button>
      {rejecting && (
        <RejectDialog
          onClose={() => setRejecting(false)}
          onReject={(reason) => {
            setRejecting(false);
            deciding.mutate({ decision: "rejected", reason });
          }}
        />
      )}
    </>
  );
}
