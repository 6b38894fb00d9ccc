/** Line icons drawn on a 20-unit grid; always beside words, so they are hidden from readers. */

import type { ReactNode } from "react";

const PATHS = {
  alerts: <path d="M10 2.5 18 17H2L10 2.5ZM10 8v4M10 14.4v.2" />,
  cameras: <path d="M2.5 6h10v8h-10zM12.5 9l5-2.5v7l-5-2.5" />,
  people: <path d="M7 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM1.5 17c0-3 2.4-5 5.5-5s5.5 2 5.5 5M13 3.8a3 3 0 0 1 0 5.5M15 12.4c2.200.6 3.500 2.400 3.500 4.600" />,
  violation: <path d="M10 2 18 10 10 18 2 10ZM10 6v5M10 13.400v.2" />,
  incident: <path d="M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM10 6v5M10 13.400v.2" />,
  check: <path d="m4 10.500 4 4 8-9" />,
  cross: <path d="m5 5 10 10M15 5 5 15" />,
  clock: <path d="M10 2.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15ZM10 5.500V10l3 2" />,
  shield: <path d="M10 2 3.500 4.500V10c0 4 2.800 6.800 6.500 8 3.700-1.200 6.500-4 6.500-8V4.500L10 2ZM7 10l2.200 2.300L13 8" />,
  warning: <path d="M10 2.500 18 17H2L10 2.500ZM10 8v4M10 14.400v.2" />,
  up: <path d="M10 16V4M5 9l5-5 5 5" />,
  back: <path d="M12.500 4 6.500 10l6 6" />,
  play: <path d="M6 4v12l10-6z" />,
  account: <path d="M10 10a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM3 17.500c.5-3.500 3.400-5.500 7-5.500s6.500 2 7 5.500" />,
  keys: <path d="M2 5.500h16v9H2zM5 8.500h.1M8 8.500h.1M11 8.500h.1M14.500 8.500h.1M6 11.500h8" />,
  off: <path d="M2.500 6h8M12.500 8v6h-10V6.500M12.500 9l5-2.500v7l-2-1M2 2l16 16" />,
  person: <path d="M10 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 12V9.500C7 8.100 8.300 7 10 7s3 1.100 3 2.500V12M8.500 18l.5-6h2l.5 6" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}
