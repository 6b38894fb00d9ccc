/** The one-time link, to be handed over by the administrator. */

import { useState } from "react";
import type { OneTimeLink } from "../api/queries";
import { useI18n } from "../i18n";
import { Dialog } from "../shell/Dialog";
import controls from "../styles/controls.module.css";
import { dateTime } from "../time/format";

export function LinkDialog({ name, link, onClose }: { name: string; link: OneTimeLink; onClose: () => void }) {
  const { t } = useI18n();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(link.link);
    setCopied(true);
  };
  return (
    <Dialog title={t.people.link} onClose={onClose}>
      <div className={controls.form}>
        <p>{t.people.linkLead(name)}</p>
        <input
          className={controls.input}
          readOnly
          aria-label={t.people.link}
          value={link.link}
          onFocus={(event) => event.target.select()}
        />
        <p className={controls.hint}>{t.people.until(dateTime(link.expires_at))}</p>
        <div className={controls.actions}>
          {/* The clipboard is there on https and on this machine only; the field can always be copied by hand. */}
          {window.isSecureContext && (
            <button type="button" className={controls.button} onClick={() => void copy()}>
              {copied ? t.common.copied : t.common.copy}
            </button>
          )}
          <button type="button" className={`${controls.button} ${controls.primary}`} onClick={onClose}>
            {t.common.close}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
