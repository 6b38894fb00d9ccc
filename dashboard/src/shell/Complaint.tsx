/** What is wrong, said at once to everybody, screen readers too; nothing where nothing is. */

import controls from "../styles/controls.module.css";

export function Complaint({ words }: { words: string | null }) {
  if (words === null) return null;
  return (
    <p role="alert" className={controls.error}>
      {words}
    </p>
  );
}
