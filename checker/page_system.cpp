#include "parley/checker/page_system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace parley::checker {

namespace {

using model::Party;
using specs::model::Direction;
using specs::model::Handling;
using specs::model::Page;
using specs::model::Transition;

void put(std::vector<std::byte>& bytes, std::size_t number) {
    bytes.push_back(static_cast<std::byte>(number & 0xffU));
    bytes.push_back(static_cast<std::byte>(number >> 8U & 0xffU));
}

/// Reads what put() has written.
class ByteReader {
 public:
    explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::uint16_t number() {
        const auto low = std::to_integer<unsigned>(bytes_[0]);
        const auto high = std::to_integer<unsigned>(bytes_[1]);
        bytes_ = bytes_.subspan(2);
        return static_cast<std::uint16_t>(low | high << 8U);
    }

 private:
    std::span<const std::byte> bytes_;
};

}  // namespace

PageSystem::PageSystem(const Page& page, std::array<std::size_t, 2> capacities)
    : page_(&page), capacities_(capacities), conversations_(page.key ? page.key->values : 1) {
    for (const Party party : {Party::left, Party::right}) {
        Leaving& leaving = leaving_[index_of(party)];
        leaving.resize(page.automaton(party).states.size());
        for (const Transition& each : page.automaton(party).transitions) {
            leaving[each.from].push_back(&each);
        }
    }
}

Configuration PageSystem::initial() const {
    Configuration configuration;
    for (const Party party : {Party::left, Party::right}) {
        configuration.states[index_of(party)].assign(conversations_,
                                                     page_->automaton(party).initial);
    }
    return configuration;
}

const Transition* PageSystem::find(Party party, std::uint16_t state, Direction direction,
                                   std::uint16_t message) const {
    for (const Transition* each : leaving(party, state)) {
        if (each->direction == direction && each->message == message) return each;
    }
    return nullptr;
}

std::optional<std::size_t> PageSystem::head(const Configuration& at, Party party) const {
    const auto& queue = at.queues[index_of(other(party))];
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const std::uint16_t state = at.states[index_of(party)][queue[i].conversation];
        const Transition* transition = find(party, state, Direction::receive, queue[i].message);
        if (transition == nullptr || transition->handling != Handling::deferred) return i;
    }
    return std::nullopt;
}

std::optional<Letter> PageSystem::unexpected(const Configuration& at, Party party) const {
    const auto position = head(at, party);
    if (!position) return std::nullopt;
    const Letter letter = at.queues[index_of(other(party))][*position];
    const std::uint16_t state = at.states[index_of(party)][letter.conversation];
    if (find(party, state, Direction::receive, letter.message) != nullptr) return std::nullopt;
    return letter;
}

std::vector<PageStep> PageSystem::steps(const Configuration& from) const {
    std::vector<PageStep> steps;
    for (const Party party : {Party::left, Party::right}) {
        const auto& states = from.states[index_of(party)];
        for (std::size_t i = 0; i < conversations_ && !is_full(from, party); ++i) {
            for (const Transition* each : leaving(party, states[i])) {
                if (each->direction != Direction::send) continue;
                steps.push_back({party, static_cast<std::uint8_t>(i), each});
            }
        }
        const auto position = head(from, party);
        if (!position) continue;
        const Letter letter = from.queues[index_of(other(party))][*position];
        const Transition* each =
            find(party, states[letter.conversation], Direction::receive, letter.message);
        if (each != nullptr) steps.push_back({party, letter.conversation, each, *position});
    }
    return steps;
}

Configuration PageSystem::after(const Configuration& from, const PageStep& step) const {
    Configuration to = from;
    to.states[index_of(step.party)][step.conversation] = step.transition->to;
    if (step.is_send()) {
        to.queues[index_of(step.party)].push_back({step.transition->message, step.conversation});
    } else {
        auto& queue = to.queues[index_of(other(step.party))];
        queue.erase(std::next(queue.begin(), static_cast<std::ptrdiff_t>(step.position)));
    }
    return to;
}

bool PageSystem::is_blocked(const Configuration& at, Party party) const {
    if (!is_full(at, party)) return false;
    return std::ranges::any_of(at.states[index_of(party)], [&](std::uint16_t state) {
        return std::ranges::any_of(leaving(party, state), [](const Transition* each) {
            return each->direction == Direction::send;
        });
    });
}

bool PageSystem::is_accepting(const Configuration& at, Party party) const {
    return std::ranges::all_of(at.states[index_of(party)], [&](std::uint16_t state) {
        return page_->automaton(party).is_accepting[state];
    });
}

bool PageSystem::is_final(const Configuration& at) const {
    return at.queues[0].empty() && at.queues[1].empty() && is_accepting(at, Party::left) &&
           is_accepting(at, Party::right);
}

bool PageSystem::is_receiving(Party party, std::uint16_t state) const {
    return std::ranges::any_of(leaving(party, state), [](const Transition* each) {
        return each->direction == Direction::receive;
    });
}

void PageSystem::encode(const Configuration& configuration, std::vector<std::byte>& bytes) const {
    bytes.clear();
    for (const auto& states : configuration.states) {
        for (const std::uint16_t state : states) put(bytes, state);
    }
    for (const auto& queue : configuration.queues) {
        put(bytes, queue.size());
        for (const Letter& letter : queue) {
            put(bytes, letter.message);
            put(bytes, letter.conversation);
        }
    }
}

Configuration PageSystem::decode(std::span<const std::byte> bytes) const {
    ByteReader reader(bytes);
    Configuration configuration;
    for (auto& states : configuration.states) {
        states.resize(conversations_);
        for (std::uint16_t& state : states) state = reader.number();
    }
    for (auto& queue : configuration.queues) {
        queue.resize(reader.number());
        for (Letter& letter : queue) {
            letter.message = reader.number();
            letter.conversation = static_cast<std::uint8_t>(reader.number());
        }
    }
    return configuration;
}

std::string PageSystem::text(const Letter& letter) const {
    const std::string& message = page_->messages[letter.message];
    if (!page_->key) return message;
    return fmt::format("{}({}={})", message, page_->key->name, letter.conversation);
}

std::string PageSystem::state_text(const Configuration& at, Party party) const {
    std::string text;
    for (const std::uint16_t state : at.states[index_of(party)]) {
        text += (text.empty() ? "" : " ") + page_->automaton(party).states[state];
    }
    return page_->key ? "[" + text + "]" : text;
}

}  // namespace parley::checker
