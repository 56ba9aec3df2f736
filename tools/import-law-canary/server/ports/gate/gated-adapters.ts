export interface HelmAdapter {
  readonly install: (name: string, pass: object) => void;
}
