#include "parley/checker/render/explorer_page.hpp"

#include "parley/checker/json_names.hpp"
#include "parley/checker/render/explorer_html.hpp"
#include "parley/checker/render/text.hpp"
#include "parley/checker/transition_label.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>

namespace parley::checker::render {

namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, const char* key, const std::string& text) {
    if (!text.empty()) object[key] = printable(text);
}

Json event_json(const Event& event) {
    Json object{{"party", index_of(event.party)},
                {"kind", json_names::event_kinds[static_cast<std::size_t>(event.kind)]},
                {"what", printable(event.what)}};
    if (event.number != 0) object["number"] = event.number;
    put(object, "state", event.state);
    put(object, "left_to_right", event.left_to_right);
    put(object, "right_to_left", event.right_to_left);
    if (!event.memory) return object;
    Json& memory = object["memory"];
    put(memory, "variable", event.memory->variable);
    put(memory, "order", event.memory->order);
    put(memory, "value", event.memory->value);
    put(memory, "newest", event.memory->newest);
    put(memory, "file", event.memory->file);
    memory["line"] = event.memory->line;
    return object;
}

template <class Events>
Json events_json(const Events& events) {
    Json list = Json::array();
    for (const Event& event : events) list.push_back(event_json(event));
    return list;
}

Json violation_json(const Violation& violation) {
    if (violation.property.empty()) return nullptr;
    return {{"property", printable(violation.property)},
            {"sentence", printable(violation.sentence)},
            {"detail", printable(violation.detail)}};
}

/// "2 of 3" for each question.
std::string answers_text(const Choices& answers) {
    std::string text;
    for (const Choice& each : answers) {
        text += fmt::format("{}{} of {}", text.empty() ? "" : ", ", each.index + 1, each.count);
    }
    return text;
}

Json open_json(const OpenStep& open) {
    return {{"party", index_of(open.party)},         {"fault", open.is_fault},
            {"breaking", open.is_breaking},          {"idle", open.is_idle},
            {"answers", answers_text(open.answers)}, {"events", events_json(open.events)}};
}

/// All but the events of the steps that have led there.
Json place_json(const Walkthrough& here) {
    Json open = Json::array();
    for (const OpenStep& each : here.open) open.push_back(open_json(each));
    return {
        {"open", open}, {"owed", here.owed}, {"violation", violation_json(here.trace.violation)}};
}

Json state_json(const WalkState& state) {
    Json object = place_json(state.here);
    for (std::size_t i = 0; i < state.targets.size(); ++i) {
        Json& to = object["open"][i]["to"];
        if (state.targets[i] != SIZE_MAX) to = state.targets[i];
    }
    const auto begin = state.here.trace.events.begin();
    const std::vector<Event> end_events(begin + static_cast<std::ptrdiff_t>(state.here.step_events),
                                        state.here.trace.events.end());
    if (!end_events.empty()) object["end_events"] = events_json(end_events);
    return object;
}

Json automaton_json(const specs::model::Page& page, const specs::model::Automaton& automaton) {
    Json transitions = Json::array();
    for (const specs::model::Transition& each : automaton.transitions) {
        transitions.push_back(
            {{"from", each.from}, {"to", each.to}, {"label", label_of(page, each)}});
    }
    return {{"name", automaton.name},
            {"states", automaton.states},
            {"accepting", automaton.is_accepting},
            {"initial", automaton.initial},
            {"transitions", transitions}};
}

Json page_json(const specs::model::Page* page) {
    if (page == nullptr) return nullptr;
    Json parties = Json::array();
    for (const auto& automaton : page->parties) parties.push_back(automaton_json(*page, automaton));
    return {{"parties", parties}, {"key", page->key ? Json(page->key->name) : Json(nullptr)}};
}

Json counterexample_json(const Counterexample& example) {
    return {{"title", printable(example.title)},
            {"steps", example.steps ? Json(*example.steps) : Json(nullptr)},
            {"events", events_json(example.trace.events)},
            {"violation", violation_json(example.trace.violation)}};
}

}  // namespace

std::string explorer_page(const ExplorerModel& model) {
    Json json{{"protocol", model.protocol},
              {"mutant", model.mutant},
              {"bounds", model.bounds},
              {"roles", {model.left, model.right}},
              {"page", page_json(model.page)}};
    Json& examples = json["counterexamples"] = Json::array();
    for (const Counterexample& each : model.counterexamples) {
        examples.push_back(counterexample_json(each));
    }
    if (!model.states.empty()) {
        Json& states = json["states"] = Json::array();
        for (const WalkState& each : model.states) states.push_back(state_json(each));
    }
    // Nothing in it ends the element that it is in.
    std::string text;
    for (const char c : json.dump()) text += c == '<' ? "\\u003c" : std::string(1, c);
    const std::string_view mark = "@model@";
    std::string page{explorer_html};
    return page.replace(page.find(mark), mark.size(), text);
}

std::string walk_json(const Walkthrough& here) {
    Json json = place_json(here);
    json["events"] = events_json(here.trace.events);
    return json.dump();
}

std::string walk_error_json(std::string_view text) {
    return Json{{"error", printable(text)}}.dump();
}

}  // namespace parley::checker::render
