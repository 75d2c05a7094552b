export type Panel = "record" | "identity" | "page" | "chat" | "people";
