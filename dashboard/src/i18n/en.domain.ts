/** Words of the field in English. */

import { law } from "./en.law";
import { nodes } from "./en.nodes";
import { judged } from "./en.rules";
import type { domain as master } from "./vi.domain";

export const domain: typeof master = {
  ...judged,
  law,
  nodes,
  reasons: {
    none: { what: "Works well", todo: "" },
    connecting: { what: "Connecting to the camera", todo: "Wait a few seconds." },
    bad_address: { what: "The camera's address is malformed", todo: "Correct it in the node's configuration: rtsp://host:port/path." },
    name_not_found: { what: "The camera's host name is not found", todo: "Check the name and the DNS server, or use the IP address." },
    refused: { what: "The camera refuses the connection", todo: "Check the RTSP port (mostly 554) and that RTSP is on in the camera." },
    unreachable: { what: "The camera cannot be reached over the network", todo: "Check power, cable and the link to the camera." },
    timeout: { what: "The camera does not answer", todo: "Check power, link and firewall." },
    wrong_password: { what: "Wrong user name or password for the camera", todo: "Correct it in the node's configuration. The node tries once a minute so that the camera does not lock." },
    not_found: { what: "The camera has no stream at this path", todo: "Check the path after the port in the maker's manual." },
    not_rtsp: { what: "This place does not speak RTSP", todo: "Check the port: it may be the camera's web page." },
    no_video: { what: "The stream has no picture", todo: "Choose a stream with video in the camera's settings." },
    codec: { what: "The stream cannot be decoded", todo: "Set the camera to H.264 or H.265." },
    stalled: { what: "The stream stands still, no new frames", todo: "The node reconnects by itself. If it happens again, check the link and restart the camera." },
    ended: { what: "The stream has ended", todo: "A video file: played to its end. A camera: the node reconnects by itself." },
    corrupt: { what: "The picture data are damaged", todo: "Check the link. Lower the bit rate on a weak network." },
    packet_loss: { what: "Packets are lost on the way", todo: "Check the link. Lower the bit rate on a weak network." },
    resolution_changed: { what: "The picture size has just changed", todo: "Check that the drawn scene still fits the picture." },
    black: { what: "The picture is black", todo: "Check lens, lighting and night mode." },
    frozen: { what: "The picture is frozen", todo: "Restart the camera; what is seen is no longer real." },
    file_missing: { what: "The video file is not there", todo: "Check the file's path on the node." },
    runs_twice: { what: "Two edge nodes run this camera", todo: "Check the way from the node that is cut off to Kafka, and that both nodes' files name the right site and cameras." },
    node_silent: { what: "The edge node does not report to the centre", todo: "Check the node's power and network, then the giaolo service on it." },
    internal: { what: "A fault in the node's software", todo: "Send the node's log to the engineers." },
  },
  rejectReasons: {
    no_act: "It did not happen",
    wrong_object: "Wrong road user",
    unclear: "Pictures not clear enough",
    permitted: "Permitted (emergency vehicle, ordered)",
    obstructed: "Forced to (obstacle, accident)",
    duplicate: "Duplicate of another alert",
    other: "Another reason",
  },
  kinds: { violation: "Violation", incident: "Incident", count: "Count" },
  states: { new: "Undecided", confirmed: "Confirmed", rejected: "Rejected" },
  cameraStates: { online: "Online", degraded: "Degraded", offline: "Offline", starting: "Starting" },
  roles: { officer: "Officer", operator: "Operator", engineer: "Engineer", admin: "Administrator" },
  timeSources: { rtcp: "camera clock", arrival: "frame arrival", file: "video file" },
  presence: "Somebody in the watched zone",
  decimalMark: ".",
  units: { s: "s", m: "m", kmh: "km/h", ms: "ms", mps2: "m/s²", deg: "°" },
  sceneHelp: {
    isDefault: "This camera has no scene of its own yet",
    means:
      "The default scene is used: counts both ways, somebody in the picture, vehicles that stand long. Violations need lanes and zones that somebody has drawn.",
    link: "Draw a scene for the camera",
    what: "A scene is one YAML file per camera: lines, zones, allowed direction. Points are shares of the picture's width and height, from the top left.",
    steps: [
      ["Copy a scene from deploy/samples, street.yaml for example, and change lines and zones.", "cp deploy/samples/street.yaml scene.yaml"],
      ["Check the file; each fault is told with its place:", "giaolo scene validate scene.yaml"],
      ["See it drawn over a picture:", "giaolo scene show scene.yaml --video clip.mp4 --out scene.jpg"],
      ["Try it on a recording:", "giaolo analyse clip.mp4 --scene scene.yaml --out result"],
      ["Name the file under the camera's scene in the node file, and start the node again.", "giaolo edge run --config node.yaml"],
    ],
  },
  age: {
    now: "just now",
    seconds: (n) => `${n} s`,
    minutes: (n) => `${n} min`,
    hours: (n) => `${n} h`,
    days: (n) => (n === 1 ? "1 day" : `${n} days`),
  },
};
