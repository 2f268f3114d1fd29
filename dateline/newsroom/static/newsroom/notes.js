/* Notes are added without leaving the form, and @ completes the names of colleagues. Without this
   script the same form posts and comes back. */

(() => {
    const NAME = /(?:^|[^\w.@+-])@([\w.@+-]*)$/;
    const WAIT_MS = 120;

    const form = document.querySelector("[data-notes-form]");
    if (!form) return;
    const box = form.querySelector("textarea");
    const said = form.querySelector("[data-notes-said]");
    const thread = document.querySelector("[data-notes]");
    const people = choices();

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        add();
    });
    // As in other boxes of the kind: Enter begins a line, with Ctrl it sends.
    box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            form.requestSubmit();
        }
    });

    async function add() {
        const button = form.querySelector("button");
        button.disabled = true;
        try {
            const response = await fetch(form.action, {
                method: "POST",
                headers: { Accept: "application/json" },
                body: new FormData(form),
            });
            const answer = await response.json();
            if (!response.ok) {
                said.textContent = answer.error_message;
                return;
            }
            thread.innerHTML = answer.html;
            thread.lastElementChild.scrollIntoView({ block: "nearest" });
            box.value = "";
            said.textContent = form.dataset.added;
        } catch {
            said.textContent = form.dataset.failed;
        } finally {
            button.disabled = false;
            box.focus();
        }
    }

    /* The list under the box: a listbox that the box points at, as the ARIA practices draw it. */
    function choices() {
        const list = document.createElement("ul");
        list.id = "note-people";
        list.className = "notes__people";
        list.setAttribute("role", "listbox");
        list.setAttribute("aria-label", form.querySelector("#note-help").textContent);
        list.hidden = true;
        box.after(list);
        box.setAttribute("aria-autocomplete", "list");
        box.setAttribute("aria-controls", list.id);
        let at = -1;
        let timer = 0;
        let asked = 0;

        box.addEventListener("input", () => {
            clearTimeout(timer);
            const query = typed();
            if (query === null) return close();
            timer = setTimeout(() => ask(query), WAIT_MS);
        });
        box.addEventListener("blur", () => setTimeout(close, 150));
        box.addEventListener("keydown", (event) => {
            if (list.hidden) return;
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (step) choose((at + step + list.children.length) % list.children.length);
            else if (event.key === "Enter" || event.key === "Tab") take(list.children[at]);
            else if (event.key === "Escape") close();
            else return;
            event.preventDefault();
            event.stopPropagation();
        });

        function typed() {
            const found = NAME.exec(box.value.slice(0, box.selectionStart));
            return found && found[1].length <= 60 ? found[1] : null;
        }

        async function ask(query) {
            const turn = ++asked;
            const response = await fetch(`${form.dataset.people}&${new URLSearchParams({ q: query })}`);
            if (!response.ok || turn !== asked || typed() !== query) return;
            const found = (await response.json()).people;
            list.replaceChildren(...found.map(option));
            list.hidden = !found.length;
            if (found.length) choose(0);
            else close();
        }

        function option({ user, name }, place) {
            const item = document.createElement("li");
            item.id = `note-person-${place}`;
            item.setAttribute("role", "option");
            item.dataset.user = user;
            item.textContent = name === user ? name : `${name} · ${user}`;
            item.addEventListener("mousedown", (event) => {
                event.preventDefault();
                take(item);
            });
            return item;
        }

        function choose(place) {
            at = place;
            [...list.children].forEach((item, own) =>
                item.setAttribute("aria-selected", String(own === place)),
            );
            box.setAttribute("aria-activedescendant", list.children[place].id);
        }

        function take(item) {
            const end = box.selectionStart;
            const begin = end - typed().length;
            box.setRangeText(`${item.dataset.user} `, begin, end, "end");
            close();
        }

        function close() {
            asked += 1;
            at = -1;
            list.hidden = true;
            box.removeAttribute("aria-activedescendant");
        }

        return list;
    }

    void people;
})();
