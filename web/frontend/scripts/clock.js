// The desk's clock: the server's time, in the newsroom's zone, ticking.
const clock = document.querySelector(".clock");

if (clock) {
  const ahead = Number(clock.dataset.now) * 1000 - Date.now();
  const face = clock.querySelector("time");
  const zoned = new Intl.DateTimeFormat("en-GB", {
    timeZone: clock.dataset.zone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const tick = () => {
    face.textContent = zoned.format(new Date(Date.now() + ahead));
  };
  tick();
  setInterval(tick, 1000);
}
