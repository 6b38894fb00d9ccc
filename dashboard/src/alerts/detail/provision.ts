/** A provision of the law as an officer cites it; texts come from the centre in both languages. */

import type { Provision } from "../../api/types";
import type { Language } from "../../i18n";

/** Article, clause and point of a reference such as 6.9.b. */
export function parts(ref: string): [article: string, clause: string, point: string | undefined] {
  const [article = "", clause = "", point] = ref.split(".");
  return [article, clause, point];
}

/** 18000000 VND as people write it: 18.000.000 ₫. */
export function money(amount: number, currency: string, language: Language): string {
  const locale = language === "vi" ? "vi-VN" : "en-GB";
  return new Intl.NumberFormat(locale, { style: "currency", currency, maximumFractionDigits: 0 }).format(amount);
}

/** The texts of a provision in the language of the screen. */
export function texts(row: Provision, language: Language): { act: string; instrument: string; condition: string; note: string } {
  return language === "vi"
    ? { act: row.vi, instrument: row.title_vi, condition: row.condition_vi, note: row.note_vi }
    : { act: row.en, instrument: row.title_en, condition: row.condition_en, note: row.note_en };
}
