// node setup.mjs ADDRESS CLIP – drives the setup page and prints what it saw as one line of JSON.
import { launch, open } from "./browser.mjs";

const [address, clip] = process.argv.slice(2);
const browser = await launch();
try {
  const { page, problems } = await open(browser, address);
  const says = (text) => page.locator("#state", { hasText: text }).waitFor({ timeout: 90_000 });
  await says("saves to");
  await page.fill("#source", "no-such-clip.mp4");
  await page.click("#try");
  await page.locator("#state.bad").waitFor();
  const refused = await page.textContent("#state");
  await page.fill("#source", clip);
  await page.fill("#hfov", "65");
  await page.click("#try");
  await says("640×480");
  await page.check("#mounted");
  const agreement = async (height, pitch) => {
    await page.fill("#height", String(height));
    await page.fill("#pitch", String(pitch));
    return Number(/(\d+) %/.exec(await page.textContent("#floor"))[1]);
  };
  const agrees = { right: await agreement(1.4, 14), wrong: await agreement(0.2, 60) };
  await agreement(1.4, 14);
  await page.uncheck("#stream-painting");
  await page.selectOption("#mqtt", "embedded");
  await page.check("#foxglove");
  await page.click("#save");
  await says("saved: vbedge run");
  const wide = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]");
  const unnamed = await page.evaluate(() => [...document.querySelectorAll("input, select")].filter((e) => !e.labels?.length).map((e) => e.id));
  console.log(JSON.stringify({ problems, refused, agrees, unnamed, wide }));
} finally {
  await browser.close();
}
