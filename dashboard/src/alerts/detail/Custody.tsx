/** Custody line: whether hash and signature hold, and the figures to check it by oneself. */

import type { EventView } from "../../api/types";
import { decimal } from "../../domain/figures";
import { useI18n } from "../../i18n";
import type { Messages } from "../../i18n/vi";
import { Icon, type IconName } from "../../shell/icons";
import { proofOf, type Tone } from "./custody";
import styles from "./Custody.module.css";

const ICONS: Record<Tone, IconName> = { ok: "shield", wait: "clock", warn: "warning", bad: "warning", none: "clock" };

export function Custody({ event }: { event: EventView }) {
  const { t } = useI18n();
  const { evidence } = event;
  const proof = proofOf(evidence, t);
  return (
    <section className={styles.custody} data-tone={proof.tone} data-testid="custody" aria-label={t.detail.custody}>
      <p className={styles.line}>
        <Icon name={ICONS[proof.tone]} size={20} />
        <span>{proof.words}</span>
      </p>
      {proof.details.map((words) => (
        <p key={words} className={styles.detail}>
          {words}
        </p>
      ))}
      {evidence.manifest_sha256 && (
        <details className={styles.proof}>
          <summary>{t.detail.proof}</summary>
          <dl>
            <dt>{t.detail.manifest}</dt>
            <dd>{evidence.manifest_sha256}</dd>
            {evidence.signed_by && (
              <>
                <dt>{t.detail.key}</dt>
                <dd>{evidence.signed_by}</dd>
              </>
            )}
            <dt>{t.detail.files}</dt>
            {evidence.files.map((file) => (
              <dd key={file.name}>
                {file.url ? (
                  <a href={file.url} download={file.name}>
                    {file.name}
                  </a>
                ) : (
                  file.name
                )}{" "}
                {size(file.size, t)}
              </dd>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

function size(bytes: number, t: Messages): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${decimal(bytes / 1_000_000, t)} MB`;
}
