/** English words for judging an alert: the decision, the legal hold. */

import type { Messages } from "./vi";

export const judge: Pick<Messages, "decision" | "hold"> = {
  decision: {
    title: "Decision",
    confirm: "Confirm",
    reject: "Reject",
    saving: "Saving…",
    confirmed: "Confirmed",
    rejected: "Rejected",
    new: "Undecided",
    by: (name, at) => `${name}, ${at}`,
    reason: "Reason",
    rejectTitle: "Reject the alert",
    rejectLead: "Choose a reason with a number key, or write your own. It is kept in the record.",
    ownWords: "Add words (optional)",
    ownWordsOther: "Your reason",
    needReason: "Choose a reason.",
    needWords: "Write your reason.",
    submit: "Reject for this reason",
    faster: "Somebody was faster than you. The newest version is shown.",
    notAllowed: (role) => `The role ${role} may not decide this kind.`,
    failed: "The decision was not saved. Try again.",
    said: (what, rule, camera) => `${what}: ${rule}, ${camera}`,
    noneLeft: "Every alert in the list is decided.",
  },
  hold: {
    title: "Legal hold",
    set: "Put on hold",
    lift: "Lift the hold",
    held: "On hold: not deleted whatever its age",
    lifted: "The hold was lifted",
    setLead: "The event and its evidence are not deleted until somebody lifts the hold. The reason is kept in the log.",
    liftLead: "The event and its evidence will be deleted when their time is over. The reason is kept in the log.",
  },
};
