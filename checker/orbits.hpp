#pragma once

#include "parley/checker/chunked.hpp"
#include "parley/checker/dictionary.hpp"
#include "parley/checker/local_steps.hpp"
#include "parley/checker/number_table.hpp"
#include "parley/checker/numbered_state.hpp"
#include "parley/checker/queue_table.hpp"
#include "parley/checker/symmetry.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace parley::checker {

/// The states that renaming interchangeable values makes of each other, in numbers. Each orbit has
/// one representative: its state with the smallest parts, one part after another.
///
/// What a renaming makes of a part is computed once, when the part gets its number; then a
/// representative takes a few look-ups. Numbers of queues depend on threads, so that queues are
/// compared by their messages.
///
/// Source: Clarke, Enders, Filkorn and Jha, "Exploiting symmetry in temporal logic model checking",
/// Formal Methods in System Design 9, 1996. We differ in that all renamings are tried, part by
/// part, and representatives are unique.
class Orbits {
 public:
    using Id = HashIndex::Id;

    /// The values of parts; what they are renamed to is added to them.
    struct Parts {
        std::array<Dictionary, 2>& scripts;  ///< by party
        Dictionary& monitors;
        NumberTable<SharedState>& shared;
        std::array<Dictionary, 2>& messages;  ///< by sender
        std::array<QueueTable, 2>& queues;    ///< by sender
    };

    Orbits(Symmetry& symmetry, const Parts& parts);

    std::size_t order() const { return order_; }

    /// Renames the values that have come since. Whoever adds values calls it; but where only
    /// queues, or what is shared, have become more, as over a transport, close_queues() will do.
    void close();
    void close_queues();

    /// The others are const: threads may call them while one closes.
    NumberedState representative(const NumberedState& state) const;
    /// How many states there are in the orbit of this one.
    std::size_t size_of_orbit(const NumberedState& state) const;
    NumberedState renamed(const NumberedState& state, std::size_t renaming) const;
    LocalSteps::Key renamed(const LocalSteps::Key& key, std::size_t renaming) const;
    /// The smallest of the keys that renaming makes of this one.
    LocalSteps::Key representative(const LocalSteps::Key& key) const;
    LocalStep renamed(model::Party party, const LocalStep& step, std::size_t renaming) const;

    std::size_t memory_bytes() const;

 private:
    /// By number of a value: what each renaming makes of it, and how many of these images are
    /// smaller.
    class Images {
     public:
        explicit Images(std::size_t order) : order_(order) {}

        std::size_t size() const { return images_.size() / order_; }
        Id operator()(Id value, std::size_t renaming) const {
            return images_[std::size_t{value} * order_ + renaming];
        }
        std::uint8_t rank(Id value, std::size_t renaming) const {
            return ranks_[std::size_t{value} * order_ + renaming];
        }
        /// Adds the next value, of which a renaming makes `image_of(renaming)`.
        template <class ImageOf, class IsSmaller>
        void add(const ImageOf& image_of, const IsSmaller& is_smaller);
        std::size_t memory_bytes() const { return images_.memory_bytes() + ranks_.memory_bytes(); }

     private:
        std::size_t order_;
        Chunked<Id> images_;
        Chunked<std::uint8_t> ranks_;
    };
    class Candidates;

    template <class Rename>
    void close(Dictionary& values, Images& images, const Rename& rename);
    Id renamed_queue(std::size_t sender, Id queue, std::size_t renaming);
    Candidates smallest(const NumberedState& state) const;
    bool is_smaller(std::size_t sender, Id a, Id b) const;

    Symmetry& symmetry_;
    Parts parts_;
    std::size_t order_;
    std::array<Images, 2> scripts_{Images{order_}, Images{order_}};
    Images monitors_{order_};
    Images shared_{order_};
    std::array<Images, 2> messages_{Images{order_}, Images{order_}};
    std::array<Images, 2> queues_{Images{order_}, Images{order_}};
};

}  // namespace parley::checker
