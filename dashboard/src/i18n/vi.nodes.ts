/** Words about edge nodes in Vietnamese. */

export const nodes = {
  title: "Sự cố của nút biên",
  node: (name: string) => `Nút ${name}`,
  missing: (n: number, since: string) => `Thiếu ${n} bản ghi từ ${since}`,
  numbers: (first: number, last: number) => (first === last ? `số ${first}` : `số ${first} đến ${last}`),
  more: (n: number) => `và ${n} bản ghi khác bị thiếu`,
  todo: "Nút đã đánh số các bản ghi này nhưng trung tâm chưa nhận được. Nếu chúng đến muộn, mục này tự đóng. Nếu hộp gửi của nút đã đầy hoặc đĩa đã thay, hãy xác nhận kèm lý do.",
  closed: (n: number, since: string) => `Đã nhận muộn ${n} bản ghi thiếu từ ${since}`,
  closedAt: (at: string) => `đóng lúc ${at}`,
  keyProblem: "Nút ký bằng khoá khác với khoá ban đầu: bằng chứng của nút không được xác minh",
  own: "Nút tự báo",
  acknowledge: "Sẽ không đến…",
  acknowledgeTitle: "Xác nhận bản ghi sẽ không đến",
  acknowledgeLead: (n: number, node: string) => `${n} bản ghi của nút ${node} được ghi nhận là đã mất. Lý do được lưu cùng tên của bạn; không ai bị báo lại nữa.`,
  reasonHint: "ví dụ: tủ thiết bị cháy ngày 22/11, đĩa đã thay",
  submit: "Xác nhận đã mất",
  acknowledged: (by: string, at: string) => `${by} xác nhận sẽ không đến, ${at}`,
  said: (node: string, n: number) => `Nút ${node}: thiếu ${n} bản ghi`,
  saidClosed: (node: string) => `Nút ${node}: không còn thiếu bản ghi nào`,
  badge: (n: number) => `${n} nút có sự cố`,
};
