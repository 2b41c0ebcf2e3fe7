/** The client's end of the line between the double of an SDK and the emulator. */

export interface Heard {
  name: string;
  seq: number;
  at_ms: number;
  room: string;
  args: unknown[];
}

/** What a double does when something happens on its line; each is waited for. */
export interface Hooks {
  hear(event: Heard): unknown;
  /** So many events have been missed, and will not come. */
  missed?(count: number): unknown;
  /** The connection is lost. */
  lost?(why: string): unknown;
  /** There is a connection again; so many events were missed meanwhile. */
  back?(missed: number): unknown;
  /** There will be none again. */
  ended?(error: Failure): unknown;
}

export class Failure extends Error {
  constructor(message: string, code?: number);
  code: number;
}

export class Refused extends Failure {
  constructor(code: number, reason: string, event?: string, args?: unknown[]);
  event?: string;
  args?: unknown[];
  get isFinal(): boolean;
}

export class Line {
  constructor(
    url: string,
    query: Record<string, string>,
    hooks: Hooks,
    options?: { comesBack?: boolean },
  );
  readonly member: string;
  readonly seq: number;
  readonly isUp: boolean;
  open(): Promise<void>;
  resume(): Promise<void>;
  call(method: string, params?: object): Promise<any>;
  bye(): Promise<void>;
}

/** The listeners of an app: objects with a method for each event, or plain functions. */
export class Listeners<T extends object> {
  add(listener: T): void;
  remove(listener: T): void;
  clear(): void;
  tell(name: string, args: unknown[]): Promise<void>;
}
