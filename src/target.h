/* TARGET_BEGIN("avx2,fma") ... TARGET_END: functions between them may use these CPU features. Unlike a
 * compiler flag for the file, this cannot put such instructions into other code. System headers come
 * before TARGET_BEGIN. MSVC needs neither: it accepts any intrinsic anywhere. */
#ifndef GELU_FAST_TARGET_H
#define GELU_FAST_TARGET_H

#define PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define TARGET_BEGIN(features)                                                                     \
    PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define TARGET_END _Pragma("clang attribute pop")
#elif defined(__GNUC__)
#define TARGET_BEGIN(features) _Pragma("GCC push_options") PRAGMA(GCC target(features))
#define TARGET_END _Pragma("GCC pop_options")
#else
#define TARGET_BEGIN(features)
#define TARGET_END
#endif

#endif
