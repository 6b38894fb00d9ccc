/** Times as people in Viet Nam read them: Asia/Ho_Chi_Minh, 24 hours, day first. Stored times stay UTC. */

import type { Messages } from "../i18n/vi";

const PARTS = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Ho_Chi_Minh",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

type Part = "day" | "month" | "year" | "hour" | "minute" | "second" | "fractionalSecond";

function parts(moment: Date): Record<Part, string> {
  const found: Partial<Record<string, string>> = {};
  for (const part of PARTS.formatToParts(moment)) found[part.type] = part.value;
  return found as Record<Part, string>;
}

/** `22/11/2026 15:30:05`; an empty text for what is not a time. */
export function dateTime(utc: string): string {
  const moment = new Date(utc);
  if (Number.isNaN(moment.getTime())) return "";
  const p = parts(moment);
  return `${p.day}/${p.month}/${p.year} ${p.hour}:${p.minute}:${p.second}`;
}

/** As `dateTime` with milliseconds: for facts that an officer signs. */
export function exactTime(utc: string): string {
  const moment = new Date(utc);
  if (Number.isNaN(moment.getTime())) return "";
  return `${dateTime(utc)}.${parts(moment).fractionalSecond}`;
}

/** `15:30:05` today, `21/11 15:30` on another day: what fits in a list. */
export function shortTime(utc: string, now: Date): string {
  const moment = new Date(utc);
  if (Number.isNaN(moment.getTime())) return "";
  const p = parts(moment);
  const n = parts(now);
  const today = p.day === n.day && p.month === n.month && p.year === n.year;
  return today ? `${p.hour}:${p.minute}:${p.second}` : `${p.day}/${p.month} ${p.hour}:${p.minute}`;
}

/** `15:30:05`. */
export function clock(moment: Date): string {
  const p = parts(moment);
  return `${p.hour}:${p.minute}:${p.second}`;
}

/** `45 giây`, `3 phút`, `2 giờ`, `4 ngày`; below zero (clocks differ) counts as zero. */
export function age(seconds: number, t: Messages): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return t.age.seconds(s);
  if (s < 3600) return t.age.minutes(Math.floor(s / 60));
  if (s < 86_400) return t.age.hours(Math.floor(s / 3600));
  return t.age.days(Math.floor(s / 86_400));
}

export function ageSince(utc: string, now: Date, t: Messages): string {
  return age((now.getTime() - new Date(utc).getTime()) / 1000, t);
}
