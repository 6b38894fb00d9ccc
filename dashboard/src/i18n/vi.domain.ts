/** Words of the field in Vietnamese: rules, road users, reasons a camera is down, reasons to reject. */

import type { CameraState, EventState, Kind, Reason, Role, TimeQuality } from "../api/types";
import type { RejectCode } from "../domain/codes";
import { law } from "./vi.law";
import { nodes } from "./vi.nodes";
import { judged } from "./vi.rules";

interface Fault {
  what: string;
  todo: string;
}

const reasons: Record<Reason, Fault> = {
  none: { what: "Hoạt động bình thường", todo: "" },
  connecting: { what: "Đang kết nối tới camera", todo: "Chờ vài giây." },
  bad_address: { what: "Địa chỉ camera viết sai", todo: "Sửa địa chỉ trong cấu hình của nút: rtsp://máy:cổng/đường-dẫn." },
  name_not_found: { what: "Không tìm thấy tên máy của camera", todo: "Kiểm tra tên máy và máy chủ DNS, hoặc dùng địa chỉ IP." },
  refused: { what: "Camera từ chối kết nối", todo: "Kiểm tra cổng RTSP (thường là 554) và dịch vụ RTSP trên camera." },
  unreachable: { what: "Không tới được camera qua mạng", todo: "Kiểm tra nguồn điện, dây mạng và đường truyền tới camera." },
  timeout: { what: "Camera không trả lời", todo: "Kiểm tra nguồn điện, đường truyền và tường lửa." },
  wrong_password: { what: "Sai tên hoặc mật khẩu của camera", todo: "Sửa mật khẩu trong cấu hình của nút. Nút thử lại mỗi phút để camera không khóa." },
  not_found: { what: "Camera không có luồng ở đường dẫn này", todo: "Kiểm tra phần đường dẫn sau cổng, theo tài liệu của hãng." },
  not_rtsp: { what: "Nơi này không nói giao thức RTSP", todo: "Kiểm tra cổng: có thể đây là trang web của camera." },
  no_video: { what: "Luồng không có hình", todo: "Chọn luồng có hình trong cài đặt của camera." },
  codec: { what: "Không giải mã được luồng hình", todo: "Đặt camera phát H.264 hoặc H.265." },
  stalled: { what: "Luồng đứng, không còn khung hình mới", todo: "Nút tự nối lại. Nếu lặp lại, kiểm tra đường truyền và khởi động lại camera." },
  ended: { what: "Luồng đã kết thúc", todo: "Nếu là tệp phim: đã phát hết. Nếu là camera: nút tự nối lại." },
  corrupt: { what: "Dữ liệu hình bị hỏng", todo: "Kiểm tra đường truyền. Giảm tốc độ bit nếu mạng yếu." },
  packet_loss: { what: "Mất gói tin trên đường truyền", todo: "Kiểm tra đường truyền. Giảm tốc độ bit nếu mạng yếu." },
  resolution_changed: { what: "Cỡ hình vừa thay đổi", todo: "Kiểm tra cảnh đã vẽ còn khớp với hình không." },
  black: { what: "Hình đen", todo: "Kiểm tra ống kính, đèn và chế độ ban đêm." },
  frozen: { what: "Hình đứng yên, không đổi", todo: "Khởi động lại camera; hình nhìn như cũ nhưng không còn thật." },
  file_missing: { what: "Không thấy tệp phim", todo: "Kiểm tra đường dẫn của tệp trên nút." },
  runs_twice: { what: "Hai nút biên cùng chạy camera này", todo: "Kiểm tra đường từ nút bị cắt tới Kafka; tên nút và tên site trong tệp của hai nút không được lẫn nhau." },
  node_silent: { what: "Nút biên không báo về trung tâm", todo: "Kiểm tra nguồn điện và mạng của nút, rồi dịch vụ giaolo trên nút." },
  internal: { what: "Lỗi trong phần mềm của nút", todo: "Gửi nhật ký của nút cho kỹ thuật." },
};

const rejectReasons: Record<RejectCode, string> = {
  no_act: "Không có hành vi này",
  wrong_object: "Nhận nhầm đối tượng",
  unclear: "Hình không đủ rõ",
  permitted: "Được phép (xe ưu tiên, có hiệu lệnh)",
  obstructed: "Buộc phải làm (tránh vật cản, tai nạn)",
  duplicate: "Trùng với cảnh báo khác",
  other: "Lý do khác",
};

const kinds: Record<Kind, string> = { violation: "Vi phạm", incident: "Sự cố", count: "Lượt đếm" };
const states: Record<EventState, string> = { new: "Chờ xử lý", confirmed: "Đã xác nhận", rejected: "Đã từ chối" };
const cameraStates: Record<CameraState, string> = {
  online: "Hoạt động",
  degraded: "Có lỗi",
  offline: "Mất hình",
  starting: "Đang khởi động",
};
const roles: Record<Role, string> = {
  officer: "Cán bộ xử lý",
  operator: "Trực điều hành",
  engineer: "Kỹ thuật",
  admin: "Quản trị viên",
};
const timeSources: Record<TimeQuality["source"], string> = {
  rtcp: "đồng hồ camera",
  arrival: "lúc khung hình tới",
  file: "tệp phim",
};
export const domain = {
  ...judged,
  law,
  nodes,
  reasons,
  rejectReasons,
  kinds,
  states,
  cameraStates,
  roles,
  timeSources,
  /** Intrusion into a zone that is only watched, not forbidden. */
  presence: "Có người hoặc xe trong vùng theo dõi",
  decimalMark: ",",
  units: { s: "giây", m: "m", kmh: "km/h", ms: "ms", mps2: "m/s²", deg: "°" },
  sceneHelp: {
    isDefault: "Camera này chưa có cảnh riêng",
    means: "Đang dùng cảnh mặc định: đếm hai chiều, người hoặc xe trong hình, xe dừng lâu. Vi phạm chỉ xét được khi đã vẽ làn đường và vùng.",
    link: "Vẽ cảnh cho camera",
    what: "Cảnh là một tệp YAML cho mỗi camera: vạch đếm, vùng, chiều được phép. Tọa độ là phần của chiều rộng và chiều cao khung hình, tính từ góc trên bên trái.",
    steps: [
      ["Chép một cảnh mẫu trong deploy/samples, ví dụ street.yaml, và sửa vạch, vùng.", "cp deploy/samples/street.yaml canh.yaml"],
      ["Kiểm tra tệp; mọi lỗi được chỉ đúng chỗ:", "giaolo scene validate canh.yaml"],
      ["Xem cảnh vẽ trên khung hình:", "giaolo scene show canh.yaml --video doan-phim.mp4 --out canh.jpg"],
      ["Thử trên đoạn phim đã ghi:", "giaolo analyse doan-phim.mp4 --scene canh.yaml --out ket-qua"],
      ["Ghi đường dẫn vào mục scene của camera trong tệp cấu hình nút biên, rồi chạy lại nút.", "giaolo edge run --config nut-bien.yaml"],
    ] as [string, string][],
  },
  age: {
    now: "vừa xong",
    seconds: (n: number) => `${n} giây`,
    minutes: (n: number) => `${n} phút`,
    hours: (n: number) => `${n} giờ`,
    days: (n: number) => `${n} ngày`,
  },
};
