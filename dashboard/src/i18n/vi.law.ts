/** Words of the legal basis in Vietnamese, in the order in which a decision cites it. */

export const law = {
  title: "Căn cứ xử phạt đề xuất",
  ref: (article: string, clause: string, point: string | undefined) =>
    `${point ? `Điểm ${point}, ` : ""}khoản ${clause}, Điều ${article}`,
  fine: (from: string, to: string) => `Phạt ${from} – ${to}`,
  usual: (amount: string) => `Mức thông thường ${amount}`,
  points: (n: number) => (n > 0 ? `Trừ ${n} điểm giấy phép lái xe` : "Không trừ điểm"),
  unverified: "Cần kiểm chứng",
  alsoPossible: "Cũng có thể là",
};
