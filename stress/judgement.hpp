#pragma once

#include "parley/checker/witness.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/specs/model/merge.hpp"
#include "parley/stress/log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <type_traits>
#include <utility>
#include <variant>

namespace parley::stress {

/// Shows the merged logs of one instance to a witness. A log knows objects by address, and only
/// within its own thread; which object it was follows from who made it and what carried it over.
template <class Witness, class Entry>
class Judgement {
 public:
    using ObjectId = specs::model::ObjectId;

    Judgement(Witness& witness, std::size_t capacity) : witness_(witness), capacity_(capacity) {}

    /// `is_over`: both parties came to their end, so that nothing may be left.
    void judge(const Logs<Entry>& logs, bool is_over) {
        using Entries = std::span<const Entry>;
        specs::model::merge_logs<Entry>(
            Entries{logs[0]}, Entries{logs[1]}, capacity_,
            [](const Entry& entry) { return entry.step(); },
            [&](model::Party party, const Entry& entry) {
                show(party, entry);
                return !witness_.is_violated();
            });
        if (is_over && !witness_.is_violated()) witness_.end();
    }

 private:
    using Objects = std::map<std::uintptr_t, ObjectId>;

    void show(model::Party party, const Entry& entry) {
        Objects& objects = objects_[model::index_of(party)];
        switch (entry.kind) {
            case checker::EventKind::make:
                objects[entry.object] = witness_.made(party);
                break;
            case checker::EventKind::access:
                witness_.accessed(party, objects[entry.object]);
                break;
            case checker::EventKind::destroy:
                witness_.destroyed(party, objects[entry.object]);
                break;
            case checker::EventKind::note:
                witness_.fail(specs::model::property::assertion, entry.sentence, {});
                break;
            default:
                show_message(party, entry, objects);
        }
    }

    void show_message(model::Party party, const Entry& entry, Objects& objects) {
        const auto with = [&]<class Outbox>(const Outbox& outbox) {
            if constexpr (!std::is_same_v<Outbox, std::monostate>) {
                std::visit([&](auto message) { show(party, entry, std::move(message), objects); },
                           outbox);
            }
        };
        std::visit(with, entry.message);
    }

    template <class Message>
    void show(model::Party party, const Entry& entry, Message message, Objects& objects) {
        if constexpr (!std::is_same_v<Message, std::monostate>) {
            model::for_owned_field(message,
                                   [&](auto& owned) { carry(party, entry, owned, objects); });
            switch (entry.kind) {
                case checker::EventKind::send:
                    witness_.sent(party, message);
                    break;
                case checker::EventKind::refuse:
                    witness_.refused(party, message);
                    break;
                case checker::EventKind::receive:
                    witness_.received(party, message);
                    break;
                default:
                    witness_.rejected(party, message, entry.state);
            }
        }
    }

    template <class Owned>
    void carry(model::Party party, const Entry& entry, Owned& owned, Objects& objects) {
        auto& carried = carried_[model::index_of(
            entry.kind == checker::EventKind::send ? party : model::other(party))];
        if (entry.kind == checker::EventKind::send) {
            carried.emplace_back(entry.object,
                                 entry.object == 0 ? ObjectId{} : objects[entry.object]);
            owned = Owned::named(carried.back().second);
        } else if (entry.kind == checker::EventKind::receive && !carried.empty()) {
            const auto [address, id] = carried.front();
            carried.pop_front();
            // Another address than the one that was sent is another object than any that we know.
            const bool is_same = address == entry.object;
            owned = Owned::named(is_same ? id : ObjectId{});
            objects[entry.object] = owned.id();
        } else if (entry.object != 0) {
            owned = Owned::named(objects[entry.object]);
        }
    }

    Witness& witness_;
    std::size_t capacity_;
    std::array<Objects, 2> objects_;
    std::array<std::deque<std::pair<std::uintptr_t, ObjectId>>, 2> carried_;  ///< by sender
};

}  // namespace parley::stress
