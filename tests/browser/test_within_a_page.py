"""What stands within one page – photos, words, days – is read whole, however the page brings it to light."""

from __future__ import annotations

import json

from tests.browser.little_server import Answer, LittleServer
from tests.browser.small_site import CollectSite, article, listing, photo, sha256

FETCHED = (  # one picture at a time, the next asked for by an arrow
    "<div class='stage'><img id='im' src='/s0.jpg' width='400'><i id='ct'>1 of 4</i><button id='nb' aria-label='Next'>"
    "›</button></div><script>let n = 0; nb.onclick = async () => { n = (n + 1) % 4; const answer = await fetch('/s' + n"
    " + '.json'); im.src = (await answer.json()).src; ct.textContent = (n + 1) + ' of 4'; }</script>"
)
DOTS = (  # turned by dots alone
    "<div class='my-slider'><img id='im' src='/s0.jpg' width='400'><p><button class='dot'></button><button class='dot'>"
    "</button><button class='dot'></button><button class='dot'></button></p></div><script>document.querySelectorAll("
    "'.dot').forEach((dot, n) => { dot.onclick = () => { im.src = '/s' + n + '.' + 'jpg'; }; })</script>"
)
BY_ITSELF = (  # turns by a clock
    "<div><img id='im' src='/s0.jpg' width='400'></div><script>let n = 0; const next = () => { n += 1; if (n < 4) {"
    " im.src = ['/s', n, '.jpg'].join(''); setTimeout(next, 60); } }; setTimeout(next, 60)</script>"
)
FOLDS = {
    "asked for by a click": "<button onclick=\"fetch('/words.txt').then((r) => r.text()).then((t) => "
    "this.insertAdjacentHTML('afterend', t))\">Show the story</button>",
    "a template": "<button onclick='box.append(tp.content.cloneNode(true))'>Open</button><template id='tp'><p>The cup "
    "went to the Wrens.</p></template><div id='box'></div>",
    "a dialog": "<button onclick='d.showModal()'>Read about the cup</button><dialog id='d'><p>The cup went to the "
    "Wrens.</p></dialog>",
    "a ticked box": "<style>.b{display:none}#t:checked~.b{display:block}</style><input type='checkbox' id='t'><label "
    "for='t'>More</label><div class='b'>The cup went to the Wrens.</div>",
    "a radio tab": "<style>.b{display:none}#u:checked~.b.two{display:block}</style><input type='radio' name='r' id='u'>"
    "<div class='b two'>The cup went to the Wrens.</div>",
    "found by a search in the page": "<h3>Results</h3><div hidden='until-found'>The cup went to the Wrens.</div>",
    "a popover": "<button popovertarget='po'>Results</button><div id='po' popover>The cup went to the Wrens.</div>",
}


def test_every_slide_is_taken_however_it_comes(site: LittleServer, collect: CollectSite) -> None:
    bodies = {"/fetched": FETCHED, "/dots": DOTS, "/clock": BY_ITSELF}
    site.routes |= {"/": listing(*bodies)}
    site.routes |= {path: article(path[1:], f"<p>Words.</p>{body}") for path, body in bodies.items()}
    for number in range(4):
        site.routes[f"/s{number}.jpg"] = Answer(photo(f"s{number}"), "image/jpeg")
        site.routes[f"/s{number}.json"] = Answer(json.dumps({"src": f"/s{number}.jpg"}), "application/json")
    found = collect()
    all_four = {sha256(photo(f"s{number}")) for number in range(4)}
    assert {path: {use.sha256 for use in found.posts[path].photos} for path in bodies} == dict.fromkeys(
        bodies, all_four
    )
    assert found.coverage.status == "complete"


def test_folds_of_any_make_are_opened(site: LittleServer, collect: CollectSite) -> None:
    pages = {f"/{name.replace(' ', '-')}": body for name, body in FOLDS.items()}
    site.routes |= {"/": listing(*pages), "/words.txt": "<p>The cup went to the Wrens.</p>"}
    site.routes |= {path: article(path[1:], f"<p>Who won?</p>{body}") for path, body in pages.items()}
    found = collect()
    assert [path for path in pages if "The cup went to the Wrens." not in found.posts[path].text] == []


def test_a_picture_behind_a_picture_is_taken_in_its_largest_size(site: LittleServer, collect: CollectSite) -> None:
    pages = {
        "/box": "<a data-fancybox='g' data-src='/big/a.jpg' href='javascript:;'><img src='/small/a-w250.jpg'></a>",
        "/button": "<button data-full='/show?id=7&size=large'><img src='/show?id=7&size=thumb'></button>",
        "/pointer": "<img src='/small/a-w250.jpg' data-hover-picture='/other.jpg'>",
        "/handler": "<a href='/show?id=7&size=large'><img src='/show?id=7&size=thumb'></a>",
        "/pixel": "<a data-full='/pixel.gif'><img src='/small/a-w250.jpg'></a>",
    }
    site.routes |= {"/": listing(*pages), "/other.jpg": Answer(photo("other"), "image/jpeg")}
    site.routes |= {path: article(path[1:], f"<p>Words.</p>{body}") for path, body in pages.items()}
    site.routes["/pixel.gif"] = Answer(photo("pixel", 1, 1, "GIF"), "image/gif")
    for path, size in {"/big/a.jpg": 640, "/small/a-w250.jpg": 250, "/show?id=7&size=large": 600,
                       "/show?id=7&size=thumb": 200}.items():  # fmt: skip
        site.routes[path] = Answer(photo("a", size, size), "image/jpeg")
    found = collect()
    small, other = sha256(photo("a", 250, 250)), sha256(photo("other"))
    assert {path: {use.sha256 for use in found.posts[path].photos} for path in pages} == {
        "/box": {sha256(photo("a", 640, 640))},
        "/button": {sha256(photo("a", 600, 600))},
        "/pointer": {small, other},
        "/handler": {sha256(photo("a", 600, 600))},
        "/pixel": {small},
    }
    assert set(found.posts) == set(pages)


COVER = """<main><h1>The walk</h1><p>Words of a walk.</p><a href="#" class="cover"><img src="/k0-small.jpg"><span>3
photos</span></a></main><script>document.querySelector('.cover').addEventListener('click', async (event) => {
  event.preventDefault(); const box = document.createElement('div'); document.body.append(box);
  for (const each of await (await fetch('/k.json')).json()) { const i = new Image(); i.src = '/k' + each + '-large.jpg';
    box.append(i); } })</script>"""


def test_an_album_that_opens_beside_the_post_belongs_to_it(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {"/": listing("/walk", "/b"), "/walk": COVER, "/b": article("Two", "<p>Others.</p>")}
    site.routes["/k.json"] = Answer("[0, 1, 2]", "application/json")
    for each in range(3):
        site.routes[f"/k{each}-large.jpg"] = Answer(photo(f"k{each}"), "image/jpeg")
    site.routes["/k0-small.jpg"] = Answer(photo("k0", 90, 60), "image/jpeg")
    taken = {use.sha256 for use in collect().posts["/walk"].photos}
    assert {sha256(photo(f"k{each}")) for each in range(3)} <= taken


CARDS = """<div id="root"></div><script>
const posts = [['7 Jun 2026', 'Cycle week', 'Scooters came.'], ['1 Jun 2026', 'Puppets', 'A torch and a sheet.'],
  ['26 May 2026', 'Orchard', 'Apples fell.'], ['20 May 2026', 'Letter', 'The mayor wrote.']];
let n = 0;
const card = ([day, title, words], number) => {
  const box = document.createElement('div');
  box.className = 'css-9z';
  box.innerHTML = `<div class=css-a><span>Class Hazel</span> <span>${day}</span></div><div class=css-b>${title}.
    ${words} <button class=css-k>Read more</button></div><div>` + [0, 1].map((each) => `<button class=css-p><img
    width=250
    src="/c${number}${each}.jpg">${each ? '<span>+1</span>' : ''}</button>`).join('') + '</div>';
  box.querySelector('.css-k').onclick = (event) => event.target.replaceWith('The end of ' + title + '.');
  for (const open of box.querySelectorAll('.css-p')) open.onclick = () => {
    const over = document.createElement('div');
    over.setAttribute('role', 'dialog');
    over.innerHTML = '<button>Close</button>' + [0, 1, 2].map((each) => `<img src="/c${number}${each}.jpg">`).join('');
    over.firstChild.onclick = () => over.remove();
    document.body.append(over);
  };
  return box;
};
const more = () => { for (let k = 0; k < 2 && n < posts.length; k++) root.append(card(posts[n], n++));
  old.hidden = n >= posts.length; };
</script><button id="old" onclick="more()">Show older</button><script>more()</script>"""


def test_a_wall_without_telling_names_is_unfolded_and_ends(site: LittleServer, collect: CollectSite) -> None:
    site.routes |= {"/": "<main><p>Welcome</p><a href='/wall'>Class Hazel</a></main>", "/wall": f"<main>{CARDS}</main>"}
    for number in range(4):
        for each in range(3):
            site.routes[f"/c{number}{each}.jpg"] = Answer(photo(f"c{number}{each}"), "image/jpeg")
    found = collect()
    walls = [post for path, post in found.posts.items() if path.startswith("/wall#")]
    assert sorted(f"{post.published_at:%F}" for post in walls) == [
        "2026-05-20",
        "2026-05-26",
        "2026-06-01",
        "2026-06-07",
    ]
    said = "\n".join(post.text for post in walls)
    assert [name for name in ("Cycle week", "Puppets", "Orchard", "Letter") if f"The end of {name}." not in said] == []
    assert {use.sha256 for post in walls for use in post.photos} == {
        sha256(photo(f"c{number}{each}")) for number in range(4) for each in range(3)
    }
    assert found.coverage.status == "complete"


def test_what_only_the_feed_has_of_a_post_is_joined_to_its_page(site: LittleServer, collect: CollectSite) -> None:
    body = (
        f"<p>It stands behind the shed.</p><p>We look again in May.</p><img src='{site.url}/in.jpg'><p>The post Box "
        "appeared first on Larkmere.</p>"
    )
    items = "".join(
        f"<item><title>Box</title><link>{site.url}{path}</link><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<enclosure url='{site.url}/beside.jpg' type='image/jpeg'/></item>"
        for path in ("/begun", "/whole")
    )
    feed = (
        "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        f"{items}</channel></rss>"
    )
    site.routes |= {
        "/": "<link rel='alternate' type='application/rss+xml' href='/feed'><main><p>Welcome.</p></main>",
        "/feed": Answer(feed, "application/rss+xml"),
        "/begun": article("Box", "<p>It stands behind…</p>"),
        "/whole": article("Box", "<p>It stands behind the shed.</p><p>We look again in May.</p><p>Only here.</p><img "
                          "src='/in-300x200.jpg'>"),
        "/in.jpg": Answer(photo("in"), "image/jpeg"),
        "/beside.jpg": Answer(photo("beside"), "image/jpeg"),
    }  # fmt: skip
    found = collect()
    assert {path: found.posts[path].text.split("\n") for path in ("/begun", "/whole")} == {
        "/begun": ["It stands behind the shed.", "We look again in May."],
        "/whole": ["It stands behind the shed.", "We look again in May.", "Only here."],
    }
    both = {sha256(photo("in")), sha256(photo("beside"))}
    assert all({use.sha256 for use in found.posts[path].photos} == both for path in ("/begun", "/whole"))


def test_a_picture_that_nothing_read_is_named_and_the_site_s_own_are_not(
    site: LittleServer, collect: CollectSite
) -> None:
    paths = [f"/n{number}" for number in range(5)]
    crest = "<footer><img src='/crest-of-arms.jpg' width='300' height='200'></footer>"
    inside = {
        "/n0": "<aside><img src='/aside.jpg' width='300' height='200'></aside>",
        "/n1": "<template id='t'><img src='/later.jpg'></template>",
        "/n2": "<script type='application/json' id='__NEXT_DATA__'>{\"photo\": \"\\/in-page-n3.jpg\"}</script>",
        "/n3": "<aside><img src='/thumbs/in-page-n4.jpg' width='90' height='60'></aside><!-- '/not/there.jpg' -->",
        "/n4": "<aside><img src='/theme/icon-star.png' width='20' height='20'></aside>",
    }
    site.routes |= {"/": listing(*paths)}
    for path in paths:
        site.routes[path] = (
            article(path[1:], f"<p>Words.</p><img src='/in-page-{path[1:]}.jpg'>") + inside[path] + crest
        )
        site.routes[f"/in-page-{path[1:]}.jpg"] = Answer(photo(path), "image/jpeg")
    found = collect()
    assert {note.url.removeprefix(site.url) for note in found.not_checked} == {"/aside.jpg", "/later.jpg"}
    assert found.coverage.status == "partial"
