// Camera and microphone of this device, and the cause when they do not open.

export type Cause = "none" | "not_found" | "in_use" | "denied" | "wechat" | "insecure" | "unknown";
export type System = "ios" | "android" | "windows" | "mac" | "linux";

/** Why a device did not open, from what the browser says. */
export function causeOf(e: unknown, agent: string, secure: boolean): Cause {
  if (!secure) return "insecure";
  const name = e instanceof Error || (typeof DOMException !== "undefined" && e instanceof DOMException) ? e.name : "";
  if (/MicroMessenger/i.test(agent) && name !== "NotFoundError") return "wechat";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "not_found";
    case "NotReadableError":
    case "AbortError":
      return "in_use";
  }
  return "unknown";
}

/** The system, for steps that differ between them. */
export function systemOf(agent: string): System {
  if (/iPhone|iPad|iPod/.test(agent)) return "ios";
  if (/Android|HarmonyOS/.test(agent)) return "android";
  if (/Windows/.test(agent)) return "windows";
  return /Mac OS X/.test(agent) ? "mac" : "linux";
}

export interface Opened {
  camera: MediaStreamTrack | null;
  mic: MediaStreamTrack | null;
  cause: Cause; // why something is missing
}

// Parties hold documents into the camera; a face needs a quarter of that.
const picture = (fine: boolean): MediaTrackConstraints =>
  ({ width: { ideal: fine ? 1280 : 640 }, height: { ideal: fine ? 720 : 360 }, frameRate: { ideal: 20, max: 30 }, facingMode: "user" });
const sound: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** Opens both, or the one that works. */
export async function openDevices(want: { camera: boolean; mic: boolean }, fine: boolean): Promise<Opened> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  const cause = (e: unknown): Cause => causeOf(e, navigator.userAgent, isSecureContext);
  if (!media?.getUserMedia) return { camera: null, mic: null, cause: cause(null) };
  const get = async (video: boolean, audio: boolean): Promise<MediaStream> => media.getUserMedia({ video: video && picture(fine), audio: audio && sound });
  const first = (s: MediaStream | null): { camera: MediaStreamTrack | null; mic: MediaStreamTrack | null } =>
    ({ camera: s?.getVideoTracks()[0] ?? null, mic: s?.getAudioTracks()[0] ?? null });
  try {
    return { ...first(await get(want.camera, want.mic)), cause: "none" };
  } catch (both) {
    if (!want.camera || !want.mic) return { camera: null, mic: null, cause: cause(both) };
    const [camera, mic] = [await get(true, false).catch(() => null), await get(false, true).catch(() => null)];
    return { camera: first(camera).camera, mic: first(mic).mic, cause: cause(both) };
  }
}

/** Listens to a track and tells how loud it is, 0 to 1. Gives what stops it. */
export function listen(track: MediaStreamTrack, heard: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const meter = context.createAnalyser();
  meter.fftSize = 512;
  source.connect(meter);
  const samples = new Float32Array(meter.fftSize);
  const timer = setInterval(() => {
    meter.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const s of samples) sum += s * s;
    heard(Math.min(1, Math.sqrt(sum / samples.length) * 4));
  }, 100);
  void context.resume();
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close();
  };
}

/** Plays two short tones, so that a person can say whether he hears them. */
export async function playTones(): Promise<void> {
  const context = new AudioContext();
  await context.resume();
  for (const [i, hertz] of [523, 659].entries()) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    volume.gain.setValueAtTime(0.2, context.currentTime + i * 0.35);
    volume.gain.linearRampToValueAtTime(0, context.currentTime + i * 0.35 + 0.3);
    tone.frequency.value = hertz;
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + i * 0.35);
    tone.stop(context.currentTime + i * 0.35 + 0.32);
  }
  await new Promise((done) => setTimeout(done, 800));
  await context.close();
}

/** A still of what a track shows now, as a JPEG without any metadata. */
export async function stillOf(track: MediaStreamTrack): Promise<Blob | null> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  await video.play();
  if (!video.videoWidth) await new Promise((done) => video.addEventListener("resize", done, { once: true }));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  video.srcObject = null;
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
}
