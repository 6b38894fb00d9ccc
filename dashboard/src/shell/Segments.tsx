/** A few exclusive choices side by side: radio buttons in their plainest working form. */

import { useId } from "react";
import styles from "./Segments.module.css";

interface Props<T extends string> {
  legend: string;
  value: T;
  options: readonly { value: T; words: string }[];
  onChoose: (value: T) => void;
  /** The legend is for readers only, where the choices speak for themselves. */
  quiet?: boolean;
}

export function Segments<T extends string>({ legend, value, options, onChoose, quiet = false }: Props<T>) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className={quiet ? "visually-hidden" : styles.legend}>{legend}</legend>
      <div className={styles.options}>
        {options.map((option) => (
          <label key={option.value} className={styles.option}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span>{option.words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
