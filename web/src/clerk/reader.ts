// The ID-card reader. A browser cannot reach one by itself: the office installs a
// bridge that puts `tongbanCardReader` on the window. For tests and training a
// simulated one is turned on with sessionStorage "tongban.reader" = "simulated".
export interface Card {
  name: string;
  id_kind: "citizen_id";
  id_number: string;
}

export interface CardReader {
  /** Reads the card that lies on it. Throws an Error with the name "NoCard" when there is none. */
  read(): Promise<Card>;
}

declare global {
  interface Window {
    tongbanCardReader?: CardReader;
  }
}

// Numbers of nobody: birthdays of the Qing dynasty or of places that never were.
const invented: Card[] = [
  { name: "张建国", id_kind: "citizen_id", id_number: "410425199003071231" },
  { name: "李晓明", id_kind: "citizen_id", id_number: "440524188001010014" },
];
let turn = 0;

const simulated: CardReader = {
  read: async () => {
    await new Promise((done) => setTimeout(done, 200));
    return invented[turn++ % invented.length]!;
  },
};

/** The reader of this machine, or null: then the button is not shown. */
export function cardReader(): CardReader | null {
  if (sessionStorage.getItem("tongban.reader") === "simulated") return simulated;
  return window.tongbanCardReader ?? null;
}
