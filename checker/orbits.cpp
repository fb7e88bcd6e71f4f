#include "parley/checker/orbits.hpp"

#include "parley/checker/require.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <numeric>
#include <tuple>
#include <vector>

namespace parley::checker {

namespace {

constexpr std::size_t order_max = 120;

}  // namespace

/// The renamings that make the parts of a state smallest, as far as they have been compared.
class Orbits::Candidates {
 public:
    explicit Candidates(std::size_t order) : count_(order) {
        std::iota(renamings_.begin(), renamings_.begin() + static_cast<std::ptrdiff_t>(order),
                  std::uint8_t{0});
    }

    std::size_t count() const { return count_; }
    std::size_t first() const { return renamings_[0]; }

    /// Keeps those that make `value` smallest.
    void narrow(const Images& images, Id value) {
        if (count_ == 1) return;
        std::uint8_t best = images.rank(value, renamings_[0]);
        std::size_t kept = 1;
        for (std::size_t i = 1; i < count_; ++i) {
            const std::uint8_t rank = images.rank(value, renamings_[i]);
            if (rank > best) continue;
            if (rank < best) kept = 0;
            best = rank;
            renamings_[kept++] = renamings_[i];
        }
        count_ = kept;
    }

 private:
    std::array<std::uint8_t, order_max> renamings_;
    std::size_t count_;
};

template <class ImageOf, class IsSmaller>
void Orbits::Images::add(const ImageOf& image_of, const IsSmaller& is_smaller) {
    std::vector<Id> images(order_);
    for (std::size_t renaming = 0; renaming < order_; ++renaming) {
        images[renaming] = image_of(renaming);
    }
    std::vector<Id> sorted = images;
    std::ranges::sort(sorted, is_smaller);
    for (const Id image : images) {
        images_.push_back(image);
        const auto first = std::ranges::lower_bound(sorted, image, is_smaller);
        ranks_.push_back(static_cast<std::uint8_t>(first - sorted.begin()));
    }
}

Orbits::Orbits(Symmetry& symmetry, const Parts& parts)
    : symmetry_(symmetry), parts_(parts), order_(symmetry.order()) {
    require(order_ <= order_max, "renamings are few");
    close();
}

void Orbits::close() {
    for (const model::Party party : {model::Party::left, model::Party::right}) {
        const std::size_t own = model::index_of(party);
        const Place place = party == model::Party::left ? Place::left : Place::right;
        close(parts_.scripts[own], scripts_[own], [&](State::Part part, std::size_t renaming) {
            return symmetry_.renamed(place, part, renaming);
        });
        close(parts_.messages[own], messages_[own], [&](State::Part part, std::size_t renaming) {
            return symmetry_.renamed_message(party, part, renaming);
        });
    }
    close(parts_.monitors, monitors_, [&](State::Part part, std::size_t renaming) {
        return symmetry_.renamed(Place::monitors, part, renaming);
    });
    close_queues();
}

template <class Rename>
void Orbits::close(Dictionary& values, Images& images, const Rename& rename) {
    std::vector<std::byte> value;
    for (auto id = static_cast<Id>(images.size()); id < values.size(); ++id) {
        // A dictionary that grows moves what is in it.
        value.assign(values[id].begin(), values[id].end());
        const auto image_of = [&](std::size_t renaming) {
            return values.number_of(rename(value, renaming));
        };
        images.add(image_of, std::less<>{});
    }
}

void Orbits::close_queues() {
    for (std::size_t sender = 0; sender < 2; ++sender) {
        for (auto id = static_cast<Id>(queues_[sender].size()); id < parts_.queues[sender].size();
             ++id) {
            const auto image_of = [&](std::size_t renaming) {
                return renamed_queue(sender, id, renaming);
            };
            queues_[sender].add(image_of, [&](Id a, Id b) { return is_smaller(sender, a, b); });
        }
    }
    for (auto id = static_cast<Id>(shared_.size()); id < parts_.shared.size(); ++id) {
        const auto image_of = [&](std::size_t renaming) {
            SharedState shared = parts_.shared[id];
            shared.monitors = monitors_(shared.monitors, renaming);
            return parts_.shared.number_of(shared);
        };
        shared_.add(image_of, std::less<>{});
    }
}

/// Of a queue whose older messages have a smaller number, and are known.
Orbits::Id Orbits::renamed_queue(std::size_t sender, Id queue, std::size_t renaming) {
    QueueTable& queues = parts_.queues[sender];
    if (queue == QueueTable::empty) return queue;
    const Id older = queues_[sender](queues.older(queue), renaming);
    return queues.push(older, messages_[sender](queues.newest(queue), renaming));
}

/// Of two queues of one size: by their messages, the newest first.
bool Orbits::is_smaller(std::size_t sender, Id a, Id b) const {
    const QueueTable& queues = parts_.queues[sender];
    while (a != b) {
        if (queues.newest(a) != queues.newest(b)) return queues.newest(a) < queues.newest(b);
        a = queues.older(a);
        b = queues.older(b);
    }
    return false;
}

Orbits::Candidates Orbits::smallest(const NumberedState& state) const {
    Candidates candidates(order_);
    for (std::size_t own = 0; own < 2; ++own) {
        candidates.narrow(scripts_[own], state.script(own));
    }
    candidates.narrow(monitors_, parts_.shared[state.shared()].monitors);
    for (std::size_t sender = 0; sender < 2; ++sender) {
        candidates.narrow(queues_[sender], state.queue(sender));
    }
    return candidates;
}

NumberedState Orbits::representative(const NumberedState& state) const {
    const std::size_t renaming = smallest(state).first();
    return renaming == 0 ? state : renamed(state, renaming);
}

/// As many renamings as leave a state as it is lead to each state of its orbit.
std::size_t Orbits::size_of_orbit(const NumberedState& state) const {
    return order_ / smallest(state).count();
}

NumberedState Orbits::renamed(const NumberedState& state, std::size_t renaming) const {
    NumberedState to;
    for (std::size_t i = 0; i < 2; ++i) {
        to.set_script(i, scripts_[i](state.script(i), renaming));
        to.set_queue(i, queues_[i](state.queue(i), renaming));
    }
    to.set_shared(shared_(state.shared(), renaming));
    return to;
}

LocalSteps::Key Orbits::renamed(const LocalSteps::Key& key, std::size_t renaming) const {
    const std::size_t own = model::index_of(key.party);
    LocalSteps::Key to = key;
    to.script = scripts_[own](key.script, renaming);
    to.shared = shared_(key.shared, renaming);
    if (key.head != 0) to.head = messages_[1 - own](key.head - 1, renaming) + 1;
    return to;
}

LocalSteps::Key Orbits::representative(const LocalSteps::Key& key) const {
    const auto in_order = [](const LocalSteps::Key& of) {
        return std::tuple{of.script, of.shared, of.head};
    };
    LocalSteps::Key smallest = key;
    for (std::size_t renaming = 1; renaming < order_; ++renaming) {
        const LocalSteps::Key image = renamed(key, renaming);
        if (in_order(image) < in_order(smallest)) smallest = image;
    }
    return smallest;
}

LocalStep Orbits::renamed(model::Party party, const LocalStep& step, std::size_t renaming) const {
    const std::size_t own = model::index_of(party);
    LocalStep to = step;
    to.script = scripts_[own](step.script, renaming);
    to.shared = shared_(step.shared, renaming);
    to.sent = queues_[own](step.sent, renaming);
    return to;
}

std::size_t Orbits::memory_bytes() const {
    std::size_t bytes = monitors_.memory_bytes() + shared_.memory_bytes();
    for (std::size_t i = 0; i < 2; ++i) {
        bytes +=
            scripts_[i].memory_bytes() + messages_[i].memory_bytes() + queues_[i].memory_bytes();
    }
    return bytes;
}

}  // namespace parley::checker
